import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Command } from 'commander'
import { SubletError } from '../../domain/errors.ts'
import { type CliContext, say } from '../context.ts'
import { packageRoot } from '../../engine/package-root.ts'
import { exampleFolder, freeFolder, requirePython } from '../../jobs/job-file/demo-job.ts'
import { runJob } from '../run/run-job.ts'

const engineLeavesWithinMs = 10_000

/** `sublet demo`. */
export function addDemo(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description('run a small real training job on a simulated machine, from offer to receipt')
    .addHelpText('after', '\nExamples:\n  sublet demo')
    .action(() => demo(context))
}

async function demo(context: CliContext): Promise<void> {
  await requirePython()
  say(
    context,
    'A small training job on the practice cloud: its machines are simulated, nothing is paid.',
  )
  say(
    context,
    'Sublet rents one, uploads examples/train, runs it, brings the results home, verifies',
  )
  say(context, 'them, gives the machine back, and proves that it is gone.')
  say(context)
  const home = await mkdtemp(path.join(tmpdir(), 'sublet-demo-'))
  const there = context.atHome(home)
  let failure: unknown = null
  try {
    await runJob(there, exampleFolder(packageRoot()), {
      provider: 'sandbox',
      name: 'demo',
      output: freeFolder(path.join(context.io.cwd, 'sublet-output', 'demo')),
      yes: true,
    })
    await provenGone(there)
  } catch (thrown) {
    failure = thrown
  }
  try {
    await leaveNothing(there, home)
  } catch (thrown) {
    // What went wrong first says more.
    failure ??= thrown
  }
  if (failure !== null) throw failure
}

async function provenGone(context: CliContext): Promise<void> {
  const api = await context.engine.api()
  const { billables } = await api.instances.list({ environment: {} })
  const { machines } = await api.sandbox.status({})
  if (billables.length > 0 || machines > 0) {
    throw new SubletError(
      'internal',
      `The practice cloud still counts ${Math.max(machines, billables.length)} of the demo's machines; please report this.`,
    )
  }
  say(context, 'Nothing is left: the practice cloud counts no machine, and bills nothing more.')
}

/** Ends the demo's own engine and practice cloud, and forgets its home. */
async function leaveNothing(context: CliContext, home: string): Promise<void> {
  try {
    const api = await context.engine.api()
    const { pid } = await api.system.status({})
    await api.sandbox.stop({ force: true })
    await api.system.shutdown({ force: true })
    await context.engine.close()
    const deadline = performance.now() + engineLeavesWithinMs
    while (isAlive(pid) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // No such process: that is what is waited for.
    return false
  }
}
