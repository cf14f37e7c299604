import { SubletError } from '../../domain/errors.ts'
import type { Machine } from '../machine.ts'

export interface LogChunk {
  /** Where `bytes` begin in the file. */
  readonly offset: number
  readonly bytes: Uint8Array
}

/**
 * Streams what a remote command prints, with the offset of each piece, until it ends. Standard
 * input stays open meanwhile: its end tells the command that nobody reads any more. Throws
 * `unreachable` on a cut, after all that arrived has been handed out: go on at the last offset.
 */
export async function* followCommand(
  machine: Machine,
  command: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<LogChunk> {
  signal.throwIfAborted()
  const remote = await machine.spawn(command, { signal })
  // The outcome is read at the end; until then a rejection must not count as unhandled.
  const exit = remote.exit.then(
    (code) => ({ code, reason: null }),
    (reason: unknown) => ({ code: null, reason }),
  )
  remote.stdin.on('error', ignoreBrokenPipe)
  remote.stderr.resume()
  let offset = from
  try {
    for await (const chunk of remote.stdout as AsyncIterable<Buffer>) {
      yield { offset, bytes: chunk }
      offset += chunk.length
    }
    const { code, reason } = await exit
    signal.throwIfAborted()
    if (code === 0) return
    if (reason instanceof SubletError) throw reason
    if (code === null) throw lost(machine, reason)
    throw failedVerb(machine, code, '')
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof SubletError ? error : lost(machine, error)
  } finally {
    remote.stdin.end()
    remote.close()
  }
}

/** Writing to a command that has ended is no news: its exit code is. */
function ignoreBrokenPipe(): undefined {
  return undefined
}

function lost(machine: Machine, cause: unknown): SubletError {
  return new SubletError(
    'unreachable',
    `The connection to ${machine.label} was cut; the job goes on there, and its log continues when the machine answers again.`,
    { cause },
  )
}

/** Translates the supervisor's exit codes; `detail` is its own complaint. */
export function failedVerb(machine: Machine, exitCode: number | null, detail: string): SubletError {
  const nativeCode = `supervisor ${exitCode ?? 'killed'}: ${detail.trim().slice(-400)}`
  if (exitCode === 66) {
    return new SubletError(
      'not-found',
      `${machine.label} knows nothing of this attempt or rental; it was cleaned up, or this is another machine.`,
      { nativeCode },
    )
  }
  if (exitCode === 73) {
    return new SubletError(
      'disk-full',
      `The supervisor on ${machine.label} cannot write in ~/.sublet; free some space in the home folder there.`,
      { nativeCode },
    )
  }
  if (exitCode === 65) {
    return new SubletError(
      'unreachable',
      `The job's environment did not arrive whole on ${machine.label}; nothing was started, try again.`,
      { nativeCode },
    )
  }
  return new SubletError(
    'unavailable',
    `The supervisor on ${machine.label} failed (exit code ${exitCode ?? 'none'}); look at ~/.sublet there, or use another machine.`,
    { nativeCode },
  )
}
