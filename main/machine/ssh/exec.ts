import type { Readable } from 'node:stream'
import { SubletError } from '../../domain/errors.ts'
import type { ExecOptions, ExecResult, RemoteProcess } from '../machine.ts'

const outputLimitBytes = 8 * 1024 * 1024

/** Runs a spawned command to its end with its input and collects what it answers. */
export async function collect(
  label: string,
  spawn: (signal: AbortSignal) => Promise<RemoteProcess>,
  options: ExecOptions,
): Promise<ExecResult> {
  const stop = new AbortController()
  const abort = (): void => stop.abort(options.signal?.reason)
  if (options.signal?.aborted === true) abort()
  options.signal?.addEventListener('abort', abort, { once: true })
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => stop.abort(timedOut(label, options.timeoutMs ?? 0)), options.timeoutMs)
  try {
    const command = await spawn(stop.signal)
    const tooLong = (): void => stop.abort(answerTooLong(label))
    const stdout = gather(command.stdout, tooLong)
    const stderr = gather(command.stderr, tooLong)
    command.stdin.end(options.stdin ?? '')
    const exitCode = await command.exit
    return { exitCode, stdout: await stdout, stderr: await stderr }
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', abort)
  }
}

async function gather(stream: Readable, tooLong: () => void): Promise<string> {
  return await new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > outputLimitBytes) tooLong()
      else chunks.push(chunk)
    })
    stream.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
  })
}

function timedOut(label: string, timeoutMs: number): SubletError {
  return new SubletError(
    'unreachable',
    `${label} did not answer within ${timeoutMs / 1000} s; whether the command took effect is not known.`,
  )
}

function answerTooLong(label: string): SubletError {
  return new SubletError('invalid', `A command on ${label} answered more than 8 MiB.`)
}
