import { readClock } from './clock.ts'
import { exitCode, parseOptions } from './command-line.ts'
import { findShell } from './machine/shell.ts'
import { runSandbox } from './sandbox.ts'
import { isLocked } from './store.ts'

/** The practice cloud's program: `node index.ts --state DIR`. One sentence on stderr when it cannot. */
async function main(): Promise<number> {
  const say = (message: string): void => {
    process.stderr.write(`sandbox: ${message}\n`)
  }
  const shell = findShell(process.env['SHELL'])
  if (shell === null) {
    say(
      'The sandbox runs its machines in a POSIX shell and found none; on Windows, use it inside WSL.',
    )
    return exitCode.noShell
  }
  let options
  let clock
  try {
    options = parseOptions(process.argv.slice(2))
    clock = readClock(process.env['SUBLET_CLOCK'])
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    return exitCode.usage
  }
  try {
    await runSandbox(options, clock, shell, say)
    return 0
  } catch (error) {
    if (isLocked(error)) {
      say(`Another sandbox already runs in ${options.stateDir}.`)
      return exitCode.alreadyRunning
    }
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 1
  }
}

process.exitCode = await main()
// Timers of clients that never got an answer must not keep an ended sandbox alive.
process.exit()
