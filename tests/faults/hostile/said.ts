import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Which of the engine's commands this is. */
export type SaidKind =
  | 'home'
  | 'list'
  | 'stat'
  | 'hash'
  | 'tar'
  | 'probe'
  | 'status'
  | 'lease'
  | 'log'
  | 'metrics'
  | 'other'

export function kindOf(command: string): SaidKind {
  if (command.includes('sublet-home=')) return 'home'
  if (command.includes('sublet-ping')) return 'list'
  if (command.includes('xargs -0 tar -cf')) return 'tar'
  if (command.includes("stat -c '%f") || command.includes("stat -c '\\''%f")) return 'stat'
  if (command.includes('sha256')) return 'hash'
  if (command.includes('exec bash -lc')) return 'probe'
  const verb = /supervisor-\w+\.sh (status|lease-read|lease-set|log|metrics) /.exec(command)?.[1]
  if (verb === 'lease-read' || verb === 'lease-set') return 'lease'
  if (verb === 'status' || verb === 'log' || verb === 'metrics') return verb
  return 'other'
}

/** Names as they arrive for `xargs -0`. */
export function namesIn(input: Buffer): string[] {
  return input
    .toString('latin1')
    .split('\0')
    .filter((name) => name !== '')
    .map((name) => name.replace(/^\.\//, ''))
}

/** Writes bytes, or whatever a generator yields, no faster than they are read. */
export async function push(
  to: Writable,
  what: Buffer | Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<void> {
  for await (const chunk of Buffer.isBuffer(what) ? [what] : what) {
    if (to.destroyed || to.writableEnded) return
    if (to.write(chunk)) continue
    const settled = new AbortController()
    await Promise.race([once(to, 'drain', settled), once(to, 'close', settled)]).finally(() =>
      settled.abort(),
    )
  }
}

/** The same bytes without end. */
export function* endless(chunk: Buffer): Generator<Buffer> {
  for (;;) yield chunk
}

/** One byte, then long nothing. */
export async function* drip(bytes: Buffer, everyMs: number): AsyncGenerator<Buffer> {
  for (let at = 0; ; at = (at + 1) % bytes.length) {
    yield bytes.subarray(at, at + 1)
    await new Promise((resolve) => setTimeout(resolve, everyMs).unref())
  }
}
