import { open, type FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'
import type { Redactor } from '../../logging/redactor.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { Home } from '../home.ts'

/** One line of the engine's log, as the contract shows it. */
export interface LogLine {
  at: number | null
  level: 'debug' | 'info' | 'warn' | 'error'
  message: string
  details: string
}

interface TailParts {
  readonly home: Pick<Home, 'logFile'>
  readonly redactor: Pick<Redactor, 'redact'>
  readonly clock: Clock
}

/** Read at once at the most; a line is a few hundred bytes. */
const windowBytes = 512 * 1_024
const pauseRealMs = 500

/**
 * The last lines of the engine's log, then what is written to it until the client leaves. Lines
 * are redacted again: a secret may have become known after its line was written.
 */
export async function logTail(
  parts: TailParts,
  { lines, follow }: { readonly lines: number; readonly follow: boolean },
  signal: AbortSignal,
): Promise<StreamAnswer<LogLine[], LogLine[]>> {
  const { text, offset } = await readFrom(parts.home.logFile, null)
  const snapshot = linesOf(text, parts.redactor).slice(-lines)
  return { snapshot, events: follow ? further(parts, offset, signal) : none() }
}

async function* none(): AsyncGenerator<LogLine[]> {
  // The snapshot was all.
}

async function* further(
  { home, redactor, clock }: TailParts,
  start: number,
  signal: AbortSignal,
): AsyncGenerator<LogLine[]> {
  let from = start
  while (!signal.aborted) {
    await clock.sleep(pauseRealMs / clock.realMs(1), signal).catch(() => undefined) // Aborted.
    if (signal.aborted) return
    const { text, offset } = await readFrom(home.logFile, from)
    from = offset
    const found = linesOf(text, redactor)
    if (found.length > 0) yield found
  }
}

/** Whole lines from `from` on (null: of the file's end), and where the next one begins. */
async function readFrom(
  file: string,
  from: number | null,
): Promise<{ readonly text: string; readonly offset: number }> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    // Somebody removed it, or nothing was written yet.
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (handle === null) return { text: '', offset: 0 }
  try {
    const { size } = await handle.stat()
    // A smaller file is a new one: the log was rotated.
    const wanted = from === null || from > size ? 0 : from
    const start = Math.max(wanted, size - windowBytes)
    const read = await readBytes(handle, start, size - start)
    const skipped = start > wanted ? read.indexOf(10) + 1 : 0
    const end = read.lastIndexOf(10) + 1
    return { text: read.subarray(skipped, end).toString('utf8'), offset: start + end }
  } finally {
    await handle.close()
  }
}

async function readBytes(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, start)
  return buffer.subarray(0, bytesRead)
}

const lineSchema = z.looseObject({ level: z.int(), time: z.int(), msg: z.string().default('') })

function linesOf(text: string, redactor: Pick<Redactor, 'redact'>): LogLine[] {
  return redactor
    .redact(text)
    .split('\n')
    .filter((line) => line !== '')
    .map(readLine)
}

function readLine(line: string): LogLine {
  try {
    const { level, time, msg, ...rest } = lineSchema.parse(JSON.parse(line))
    const details = Object.keys(rest).length === 0 ? '' : JSON.stringify(rest)
    return { at: time, level: levelName(level), message: msg, details }
  } catch {
    // A line cut off by a crash or a full disk: shown as it is.
    return { at: null, level: 'info', message: line, details: '' }
  }
}

function levelName(level: number): LogLine['level'] {
  if (level >= 50) return 'error'
  if (level >= 40) return 'warn'
  return level >= 30 ? 'info' : 'debug'
}
