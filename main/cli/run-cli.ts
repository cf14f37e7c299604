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
    if (thrown instanceof CommanderError) return sayUsage(io, thrown, words)
    const error = toSubletError(thrown)
    const code =
      error.code === 'unreachable' && links.some((link) => link.isDown)
        ? exitCodes.engine
        : exitCodeOf(error.code)
    sayError(io, error, code, words.includes('--json') && eventCommands.has(words[0] ?? ''))
    return code
  } finally {
    for (const link of links) await link.close()
  }
}

/** Commands whose `--json` is a stream of events, in which an error is one too. */
const eventCommands: ReadonlySet<string> = new Set(['run', 'attach', 'watch'])

function sayUsage(io: Io, error: CommanderError, words: readonly string[]): number {
  if (error.exitCode === 0) return 0
  const [first = ''] = words
  const help = `sublet ${/^[a-z]/.test(first) && error.code !== 'commander.unknownCommand' ? `${first} ` : ''}--help`
  if (error.code === 'commander.help') {
    io.err(`sublet: Say what to do: "${help}" lists the commands.\n`)
    return exitCodes.usage
  }
  const [what = '', ...more] = error.message.replace(/^error: /, '').split('\n')
  const hint = more.join(' ').replace(/^\((.*)\)$/, '$1')
  const sentence = what
    .replace(/(is invalid(?: for argument '\w+')?)\. /, '$1: ')
    .replace(/\.$/, '')
    .replace(/^./, (letter) => letter.toUpperCase())
  const next =
    hint === ''
      ? `; "${help}" says more.`
      : `; ${hint.replace(/^./, (letter) => letter.toLowerCase())}`
  io.err(`sublet: ${inertLine(sentence)}${inertLine(next)}\n`)
  return exitCodes.usage
}

function sayError(io: Io, error: SubletError, exitCode: number, json: boolean): void {
  const message = inertLine(error.message)
  const sentence = /[.!?…]$/.test(message) ? message : `${message}.`
  io.err(`sublet: ${sentence}\n`)
  if (json) {
    const event = { type: 'error', code: error.code, message: sentence, exitCode }
    io.out(`${JSON.stringify(event)}\n`)
  }
}
