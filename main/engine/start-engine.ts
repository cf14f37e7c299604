import { spawn } from 'node:child_process'
import { closeSync, existsSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { SubletError } from '../domain/errors.ts'
import { prepareHome } from './home.ts'
import type { Home } from './home.ts'

/** What to run: a Node binary and the engine's entry. */
export interface EngineProgram {
  readonly node: string
  readonly entry: string
  /** On top of the few variables that an engine needs. */
  readonly environment: Readonly<Record<string, string>>
}

/** A process under way to be the home's engine. */
export interface StartedEngine {
  /** Why it ended without becoming one; null while it may still. */
  failure(): SubletError | null
  /** It ended in order, because another engine was there. */
  hasLeft(): boolean
  /** The error for an engine that takes too long. */
  late(): SubletError
}

/** All that the engine sees of its starter's environment; the rest comes with each request. */
const passedOn =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_ALL|TZ|TMPDIR|SUBLET_HOME|SUBLET_CLOCK|SUBLET_ENGINE_.*|DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR|SystemRoot|USERPROFILE|APPDATA|LOCALAPPDATA|TEMP|TMP|PATHEXT|COMSPEC)$/i

/** Starts the engine detached, so that it outlives its starter; its words go to `home.outputFile`. */
export function startEngine(home: Home, program: Partial<EngineProgram> = {}): StartedEngine {
  prepareHome(home)
  const output = openSync(home.outputFile, 'a', 0o600)
  const before = { printed: fstatSync(output).size, logged: sizeOf(home.logFile) }
  const child = spawn(program.node ?? process.execPath, [program.entry ?? engineEntry()], {
    detached: true,
    cwd: home.dir,
    env: {
      ...engineEnvironment(process.env),
      // Halves the time to start and saves 20 MB, most of all where TypeScript is run as it is.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? home.compileCacheDir,
      ...program.environment,
      SUBLET_HOME: home.dir,
    },
    stdio: ['ignore', output, output],
    windowsHide: true,
  })
  closeSync(output)
  let spawnError: Error | null = null
  child.on('error', (error) => {
    spawnError = error
  })
  child.unref()
  const describe = (what: string) =>
    new SubletError('unreachable', `The engine ${what}. ${lastWords(home, before)}`, {
      details: { log: home.logFile },
      ...(spawnError === null ? {} : { cause: spawnError }),
    })
  return {
    failure: () => {
      if (spawnError !== null) return describe(`could not be started (${spawnError.message})`)
      if (child.signalCode !== null)
        return describe(`was ended by ${child.signalCode} at its start`)
      if (child.exitCode === null || child.exitCode === 0) return null
      return describe(`stopped at its start with status ${child.exitCode}`)
    },
    hasLeft: () => child.exitCode === 0,
    late: () => describe('did not answer in time'),
  }
}

function engineEntry(): string {
  return fileURLToPath(new URL(`../engine${extname(import.meta.url)}`, import.meta.url))
}

function engineEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && passedOn.test(entry[0]),
    ),
  )
}

/** The end of what it printed since its start, or else of what it logged. */
function lastWords(home: Home, before: { logged: number; printed: number }): string {
  const printed = tail(home.outputFile, before.printed)
  const logged = tail(home.logFile, before.logged).map(readLogLine)
  const errors = logged.filter((line) => line.isError)
  const words =
    printed.length > 0 ? printed : (errors.length > 0 ? errors : logged).map((line) => line.text)
  return words.length === 0
    ? `It left no word in ${home.logFile}.`
    : `Its last words: ${words.join(' | ')}`
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0
}

/** What Node prints around the message of an error. */
const stackLine = /^\s+at |^\s+\^|^Node\.js v|^\s*throw /

function tail(path: string, fromByte: number): string[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path).subarray(fromByte).toString().trim().split('\n')
  return lines.filter((line) => line !== '' && !stackLine.test(line)).slice(-5)
}

const logLineSchema = z.object({
  level: z.int(),
  msg: z.string(),
  err: z.object({ message: z.string() }).optional(),
})

function readLogLine(line: string): { text: string; isError: boolean } {
  try {
    const { level, msg, err } = logLineSchema.parse(JSON.parse(line))
    return { text: err === undefined ? msg : `${msg} ${err.message}`, isError: level >= 50 }
  } catch {
    return { text: line, isError: false } // A line cut off by the crash: shown as it is.
  }
}
