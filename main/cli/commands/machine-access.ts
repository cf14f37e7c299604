import { spawn } from 'node:child_process'
import type { Command } from 'commander'
import { SubletError } from '../../domain/errors.ts'
import { type CliContext, say } from '../context.ts'
import { wholeNumber } from '../parse-flags.ts'
import { resolveJobId } from '../resolve-job.ts'
import { sshArguments } from '../ssh-arguments.ts'

/** `sublet ssh` and `sublet forward`. */
export function addMachineAccess(program: Command, context: CliContext): void {
  program
    .command('ssh')
    .description("open a shell on the job's machine, in its work folder")
    .usage('JOB [-- COMMAND]')
    .argument('<job>', 'id, beginning of an id, or name')
    .addHelpText('after', '\nExamples:\n  sublet ssh train\n  sublet ssh train -- nvidia-smi')
    .action((word: string) => ssh(context, word))
  program
    .command('forward')
    .description("reach a port on the job's machine from here, until Ctrl-C")
    .argument('<job>', 'id, beginning of an id, or name')
    .argument('<port>', 'port on the machine', wholeNumber(1, 65_535))
    .addHelpText('after', '\nExamples:\n  sublet forward train 6006')
    .action((word: string, port: number) => forward(context, word, port))
}

async function ssh(context: CliContext, word: string): Promise<void> {
  const api = await context.engine.api()
  const target = await api.jobs.ssh({ jobId: await resolveJobId(api, word) })
  const args = sshArguments(target, context.passedOn, context.io.stdinIsTty)
  // Ctrl-C belongs to the remote shell while it runs.
  const stopListening = context.io.onInterrupt(() => undefined)
  try {
    const code = await new Promise<number>((resolve, reject) => {
      const child = spawn('ssh', args, { stdio: 'inherit' })
      child.on('error', reject)
      child.on('exit', (exitCode) => resolve(exitCode ?? 255))
    })
    context.setExitCode(code)
  } catch (error) {
    throw new SubletError(
      'unsupported',
      'The ssh program cannot be started: install OpenSSH and see that it is on your PATH.',
      { cause: error },
    )
  } finally {
    stopListening()
  }
}

async function forward(context: CliContext, word: string, port: number): Promise<void> {
  const api = await context.engine.api()
  const jobId = await resolveJobId(api, word)
  const stop = new AbortController()
  const stopListening = context.io.onInterrupt(() => stop.abort())
  try {
    const stream = await api.jobs.forward({ jobId, port }, { signal: stop.signal })
    say(
      context,
      `127.0.0.1:${stream.snapshot.localPort} leads to port ${port} on the machine; Ctrl-C ends it.`,
    )
    for await (const event of stream.events) say(context, event.sentence)
  } catch (thrown) {
    // Ctrl-C is how a forward ends.
    if (!stop.signal.aborted) throw thrown
  } finally {
    stopListening()
  }
}
