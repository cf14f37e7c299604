import { CommanderError } from 'commander'
import { type SubletError, toSubletError } from '../domain/errors.ts'
import { homeDirectory } from '../engine/home.ts'
import type { Connection } from './api.ts'
import type { CliContext } from './context.ts'
import { EngineLink } from './engine-link.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { inertLine } from './format/inert.ts'
import { createStyle } from './format/style.ts'
import type { Io } from './io.ts'
import { createProgram } from './program.ts'

export interface CliDependencies {
  readonly io: Io
  readonly version: string
  /** Reaches the engine of a home, starting it where there is none. */
  readonly connect: (home: string) => Promise<Connection>
}

/** Runs one command line and answers its exit code. Every failure is said in one sentence. */
export async function runCli(
  argv: readonly string[],
  dependencies: CliDependencies,
): Promise<number> {
  const { io, version, connect } = dependencies
  const cut = argv.indexOf('--')
  const words = cut < 0 ? argv : argv.slice(0, cut)
  const links: EngineLink[] = []
  let exitCode = 0
  const contextAt = (home: string): CliContext => {
    const engine = new EngineLink(() => connect(home))
    links.push(engine)
    return {
      io,
      engine,
      version,
      style: createStyle(io.colour),
      passedOn: cut < 0 ? [] : argv.slice(cut + 1),
      setExitCode: (code) => {
        exitCode = code
      },
      atHome: contextAt,
    }
  }
  try {
    await createProgram(contextAt(homeDirectory(io.env))).parseAsync([...words], { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) return sayUsage(io, thrown)
    const error = toSubletError(thrown)
    sayError(io, error, words.includes('--json'))
    return exitCodeOf(error.code)
  } finally {
    for (const link of links) await link.close()
  }
}

function sayUsage(io: Io, error: CommanderError): number {
  if (error.exitCode === 0) return 0
  if (error.code === 'commander.help') {
    io.err('sublet: Say what to do: "sublet --help" lists the commands.\n')
    return exitCodes.usage
  }
  const [what = '', ...hints] = error.message.replace(/^error: /, '').split('\n')
  const hint = hints.join(' ').replace(/[()]/g, '').trim()
  const sentence = `${what.charAt(0).toUpperCase()}${what.slice(1)}`.replace(/\.$/, '')
  io.err(
    `sublet: ${inertLine(sentence)}${hint === '' ? ' ("--help" after the command lists what there is).' : `; ${hint.charAt(0).toLowerCase()}${hint.slice(1)}`}\n`,
  )
  return exitCodes.usage
}

function sayError(io: Io, error: SubletError, json: boolean): void {
  const message = inertLine(error.message)
  const sentence = /[.!?…]$/.test(message) ? message : `${message}.`
  io.err(`sublet: ${sentence}\n`)
  if (json) {
    const { code } = error
    io.out(
      `${JSON.stringify({ type: 'error', code, message: sentence, exitCode: exitCodeOf(code) })}\n`,
    )
  }
}
