import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { broke, held, type FaultSize, type Injection } from '../../fault-class.ts'

/** Inputs of each kind, and connections at once. */
const sizes = { seed: [120, 100], full: [10_000, 3_000] } as const
const mostMemoryBytes = 1_000 * 2 ** 20

type Line = Injection | { readonly end: true; readonly rss: number }

/** The browser host's WebSocket and the desktop app's relay; a host that ends is a fault, not our end. */
export async function* fuzzHosts(
  seed: number,
  size: FaultSize,
  signal: AbortSignal,
): AsyncGenerator<Injection> {
  const folder = await mkdtemp(join(tmpdir(), 'sublet-hosts-'))
  const program = join(import.meta.dirname, 'host-program.ts')
  const numbers = [seed, ...sizes[size]].map(String)
  const child = spawn(process.execPath, ['--max-old-space-size=700', program, ...numbers], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2_000)
  })
  // An aborted run is told by its missing end.
  child.on('error', () => undefined)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  try {
    let rss: number | null = null
    for await (const text of createInterface(child.stdout)) {
      const line = JSON.parse(text) as Line
      if ('end' in line) rss = line.rss
      else yield line
    }
    const code = await ended
    const what = 'both hosts afterwards'
    if (rss === null || code !== 0) yield broke(what, `they ended with ${code}: ${complaints}`)
    else if (rss > mostMemoryBytes) yield broke(what, `they hold ${Math.round(rss / 2 ** 20)} MiB`)
    else yield held(what)
  } finally {
    child.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
