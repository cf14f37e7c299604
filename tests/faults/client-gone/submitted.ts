import { inspect } from 'node:util'
import type { TestUser } from '../../support/cli.ts'
import type { SubletProcess } from '../../support/sublet-process.ts'

/**
 * Submits by a command line and answers the job's id as soon as it is known; on a crowded computer,
 * where an engine may not be up in time, it is submitted again.
 */
export async function submitted(
  user: TestUser,
  begin: () => SubletProcess,
): Promise<{ readonly id: string; readonly command: SubletProcess }> {
  for (let tries = 1; ; tries++) {
    const command = begin()
    const known = user.until(() => true, 'the job to be known')
    const failed = command.exit.then(async (exitCode) => {
      if (exitCode !== 0) throw new Error(`It exited with ${exitCode}: ${command.stderr()}`)
      return await known
    })
    try {
      const { id } = await Promise.race([known, failed])
      return { id, command }
    } catch (thrown) {
      command.child.kill('SIGKILL')
      await Promise.allSettled([known, failed])
      if (tries === 4) throw thrown
    }
  }
}

/** An error with what caused it, on one line. */
export function oneLine(thrown: unknown): string {
  return inspect(thrown, { breakLength: Infinity, depth: 4 }).replaceAll(/\s*\n\s*/g, ' ')
}
