import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Machine } from '../../../main/machine/machine.ts'
import { connectMachine } from '../../../main/machine/ssh/connect.ts'
import { generateKeyPair, writePrivateKey } from '../../../main/machine/ssh/keys.ts'
import { memoryPins } from '../../support/host-key-pins.ts'

/** A lying machine in a process of its own, and a folder to be attacked. */
export interface Liar {
  readonly base: string
  readonly key: string
  readonly port: number
  /** Ports of servers that break the protocol itself, by trick. */
  readonly raw: Readonly<Record<string, number>>
  connect(user: string, signal: AbortSignal, port?: number): Promise<Machine>
  stop(): Promise<void>
}

export async function startLiar(): Promise<Liar> {
  const base = await mkdtemp(join(tmpdir(), 'sublet-hostile-'))
  const key = join(base, 'key')
  await writePrivateKey(key, generateKeyPair('liar').privateKey)
  const program = join(import.meta.dirname, 'machine-program.ts')
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The lying machine ended at once, with exit code ${String(code)}.`)
  })
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [
    string,
  ]
  ended.catch(() => undefined) // From here on it ends when it is told to.
  const { port, raw } = JSON.parse(line) as Pick<Liar, 'port' | 'raw'>
  return {
    base,
    key,
    port,
    raw,
    connect: async (user, signal, at = port) =>
      await connectMachine(
        { host: '127.0.0.1', port: at, user, hostKeys: [] },
        { privateKeyPath: key },
        memoryPins(),
        // Servers that never let anybody in are many, and waited for; the others may be busy.
        { signal, readyTimeoutMs: at === port ? 8_000 : 3_000 },
      ),
    stop: async () => {
      const gone = once(child, 'exit')
      child.stdin.end()
      await gone
      await rm(base, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
