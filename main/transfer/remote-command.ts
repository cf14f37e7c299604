import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SubletError } from '../domain/errors.ts'
import { formatBytes } from '../domain/format.ts'
import type { Machine } from '../machine/machine.ts'
import { untilAborted } from './files.ts'
import { pathToBuffer, type PathBytes } from './path-bytes.ts'

/** Quotes text as one word of a POSIX sh command line. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/**
 * A path as one word of a POSIX sh command line, whatever its bytes; a command line is text. An x
 * follows it, which keeps line feeds before it: take it off with `${name%x}`.
 */
export function wordOfBytes(path: PathBytes): string {
  const octal = path.replaceAll(
    /[^A-Za-z0-9/._-]/g,
    (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
  return `$(printf '${octal}x')`
}

export interface CommandOutcome {
  readonly exitCode: number | null
  readonly stderr: string
}

const closeWithinMs = 1_000
const STDERR_KEPT_BYTES = 64 * 1024

async function readTail(stream: Readable): Promise<string> {
  let kept = Buffer.alloc(0)
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    kept = Buffer.concat([kept, chunk])
    if (kept.length > STDERR_KEPT_BYTES) kept = kept.subarray(-STDERR_KEPT_BYTES)
  }
  return kept.toString('utf8')
}

/**
 * Runs a command with `feed` as its standard input (raw bytes, in constant memory) and hands its
 * standard output to `consume`. Rejects with `unreachable` on a cut and `cancelled` on abort, else
 * with what `feed` or `consume` threw. A command that stops reading early is not an error here:
 * its exit code tells.
 */
export async function runCommand(
  machine: Machine,
  command: string,
  feed: Feed,
  consume: (stdout: Readable) => Promise<void>,
  signal?: AbortSignal,
): Promise<CommandOutcome> {
  signal?.throwIfAborted()
  const remote = await machine.spawn(command, signal === undefined ? {} : { signal })
  let ended = false
  const exit = remote.exit.then((code) => {
    ended = true
    return code
  })
  const closed = Promise.withResolvers<never>()
  const fail = (error: unknown): never => {
    remote.close()
    // A machine that does not confirm the close must not hold what has already failed.
    setTimeout(() => closed.reject(error), closeWithinMs).unref()
    throw error
  }
  const input = feedInput(feed, remote.stdin).catch(fail)
  const output = consume(remote.stdout).catch(fail)
  const all = Promise.allSettled([output, input, readTail(remote.stderr), exit])
  const results = await untilAborted(Promise.race([all, closed.promise]), signal)
  const [consumed, fed, stderr, code] = results
  signal?.throwIfAborted()
  if (machine.lost.aborted) throw lostError(machine)
  for (const result of [consumed, fed, code, stderr]) {
    if (result.status === 'rejected') throw result.reason
  }
  if (!ended || code.status !== 'fulfilled') throw lostError(machine)
  return { exitCode: code.value, stderr: stderr.status === 'fulfilled' ? stderr.value : '' }
}

type Feed = AsyncIterable<Uint8Array> | readonly Uint8Array[]

/** Rejects only with what the feed itself threw; a command that stops reading is no failure here. */
async function feedInput(feed: Feed, stdin: Writable): Promise<void> {
  let failure: unknown
  let failed = false
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* feed
    } catch (error) {
      failed = true
      failure = error
      throw error
    }
  }
  await pipeline(watched, stdin).catch((error: unknown) => {
    if (failed) throw failure
    return error
  })
}

/** The machine's reason, or ours where a connection was lost without one. */
export function lostError(machine: Machine): SubletError {
  const { reason } = machine.lost
  if (reason instanceof SubletError) return reason
  return new SubletError(
    'unreachable',
    `The connection to ${machine.label} was lost; the transfer goes on where it stopped once the machine answers again.`,
    { cause: reason },
  )
}

/** More than any command of ours prints that does not speak of each file. */
const shortAnswerBytes = 8 * 2 ** 20

/** A machine may say what was asked for, not fill this computer's memory or disk. */
export function saidTooMuch(machine: Machine, what: string, mostBytes: number): SubletError {
  return new SubletError(
    'invalid',
    `${machine.label} sent more than ${formatBytes(mostBytes)} ${what}, which is more than was asked for, and was stopped; use another machine.`,
  )
}

/** Collects a standard output of at most `mostBytes`; for hashes and the like, not for contents. */
export async function runForBytes(
  machine: Machine,
  command: string,
  feed: Feed,
  signal?: AbortSignal,
  mostBytes = shortAnswerBytes,
): Promise<CommandOutcome & { readonly stdout: Buffer }> {
  const chunks: Buffer[] = []
  let length = 0
  const outcome = await runCommand(
    machine,
    command,
    feed,
    async (stdout) => {
      for await (const chunk of stdout as AsyncIterable<Buffer>) {
        length += chunk.length
        if (length > mostBytes) throw saidTooMuch(machine, 'about its files', mostBytes)
        chunks.push(chunk)
      }
    },
    signal,
  )
  return { ...outcome, stdout: Buffer.concat(chunks) }
}

/** What tools may say about these paths: a line each, with the name and figures of fixed length. */
export function answerLimitBytes(paths: readonly PathBytes[]): number {
  return paths.reduce((sum, path) => sum + path.length + 256, 64 * 1024)
}

/** Paths for `xargs -0`, each with `./` before it so that no name reads as an option. */
export function pathFeed(paths: readonly PathBytes[]): Uint8Array[] {
  const feed: Uint8Array[] = []
  for (let start = 0; start < paths.length; start += 512) {
    const parts = paths.slice(start, start + 512)
    feed.push(Buffer.concat(parts.flatMap((path) => [DOT_SLASH, pathToBuffer(path), NUL])))
  }
  return feed
}

const DOT_SLASH = Buffer.from('./')
const NUL = Buffer.from([0])

/** Turns a remote tool's complaint into an error of ours; `what` completes "could not …". */
export function remoteFailure(
  machine: Machine,
  what: string,
  outcome: CommandOutcome,
): SubletError {
  const nativeCode = outcome.stderr.trim().split('\n').slice(-3).join('; ').slice(0, 400)
  if (/No space left on device|Disk quota exceeded/i.test(outcome.stderr))
    return remoteDiskFull(machine, nativeCode)
  if (/Permission denied|Operation not permitted/i.test(outcome.stderr)) {
    return new SubletError(
      'permission',
      `${machine.label} could not ${what}, because its user may not write there; choose another folder on the machine.`,
      { nativeCode },
    )
  }
  return new SubletError(
    'unavailable',
    `${machine.label} could not ${what} (exit code ${outcome.exitCode ?? 'none'}): ${nativeCode || 'no message'}; try again.`,
    { nativeCode },
  )
}

export function remoteDiskFull(machine: Machine, nativeCode?: string): SubletError {
  return new SubletError(
    'disk-full',
    `The disk of ${machine.label} is full; choose a machine with a larger disk, or send less.`,
    nativeCode === undefined ? {} : { nativeCode },
  )
}
