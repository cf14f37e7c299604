import { open, stat } from 'node:fs/promises'
import { isEnded } from '../../../preload/contract/job-state.ts'
import { jobChanges } from '../../jobs/changes.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

const pieceBytes = 256 * 1024

interface LogPiece {
  readonly offset: number
  /** Base64. */
  readonly bytes: string
}

/**
 * The job's log, all attempts in order as one run of bytes, from any offset. With `follow` it goes
 * on until the job has ended and all is out.
 */
export async function jobLog(
  parts: ServiceParts,
  input: { readonly jobId: string; readonly offset: number; readonly follow: boolean },
  signal: AbortSignal,
): Promise<StreamAnswer<{ sizeBytes: number }, LogPiece>> {
  parts.journal.job(input.jobId)
  const sizes = await logSizes(parts, input.jobId)
  const sizeBytes = sizes.reduce((sum, one) => sum + one.size, 0)
  return { snapshot: { sizeBytes }, events: pieces(parts, input, signal) }
}

async function* pieces(
  parts: ServiceParts,
  { jobId, offset, follow }: { jobId: string; offset: number; follow: boolean },
  signal: AbortSignal,
): AsyncGenerator<LogPiece> {
  const left = new AbortController()
  const changes = jobChanges(parts, AbortSignal.any([signal, left.signal]))
  let pending = changes.next()
  let at = offset
  try {
    for (;;) {
      // Asked before reading: bytes that come after the last read wake the loop again.
      const ended = isEnded(parts.journal.job(jobId).state)
      for await (const piece of readFrom(parts, jobId, at)) {
        signal.throwIfAborted()
        yield piece
        at = piece.offset + Buffer.byteLength(piece.bytes, 'base64')
      }
      if (ended || !follow) return
      for (let next = await pending; ; next = await pending) {
        if (next.done === true) return
        pending = changes.next()
        if (next.value.has(jobId)) break
      }
    }
  } finally {
    left.abort()
  }
}

async function* readFrom(
  parts: ServiceParts,
  jobId: string,
  offset: number,
): AsyncGenerator<LogPiece> {
  let start = 0
  for (const { path, size } of await logSizes(parts, jobId)) {
    if (offset < start + size) {
      const file = await open(path, 'r')
      try {
        const buffer = Buffer.alloc(pieceBytes)
        let at = Math.max(0, offset - start)
        while (at < size) {
          const { bytesRead } = await file.read(buffer, 0, Math.min(pieceBytes, size - at), at)
          if (bytesRead === 0) break
          const bytes = buffer.subarray(0, bytesRead).toString('base64')
          yield { offset: start + at, bytes }
          at += bytesRead
        }
      } finally {
        await file.close()
      }
    }
    start += size
  }
}

async function logSizes(
  parts: ServiceParts,
  jobId: string,
): Promise<{ readonly path: string; readonly size: number }[]> {
  const paths = parts.journal.job(jobId).attempts.map((one) => parts.paths.log(jobId, one.id))
  return Promise.all(
    paths.map(async (path) => ({
      path,
      size: await stat(path).then(
        (found) => found.size,
        () => 0, // The attempt has not printed anything.
      ),
    })),
  )
}
