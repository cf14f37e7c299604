import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { broke, held, type FaultClass, type Injection } from '../fault-class.ts'
import { fuzzFrames } from '../fuzz/frames.ts'
import type { FuzzReport } from '../fuzz/fuzz-procedure.ts'
import { fuzzHosts } from '../fuzz/hosts/fuzz-hosts.ts'
import { fuzzStreams } from '../fuzz/streams.ts'

const runsOf = { seed: 15, full: 10_000 } as const
const mostMemoryBytes = 1_500 * 2 ** 20

export const faultClass: FaultClass = {
  name: 'fuzzed requests',
  promise:
    'Whatever a client, a browser or a window sends, the engine and its hosts answer in words or close that connection: they never crash, hang, show a stack trace, call an input an internal error, write where they were not told to, or let another page in.',
  async *injections({ size, seed, signal }) {
    const top = await mkdtemp(join(tmpdir(), 'sublet-fuzz-'))
    // Deep enough that steps up from the work folder stay in what is looked through afterwards.
    const base = join(top, 'a', 'b', 'c')
    try {
      for (const name of ['work', 'user', 'tmp']) mkdirSync(join(base, name), { recursive: true })
      yield* fuzzProcedures(base, seed, runsOf[size], signal)
      yield strays(top)
      yield* fuzzFrames(seed, size === 'seed' ? 60 : 3_000)
      yield* fuzzStreams(seed, size === 'seed' ? 5 : 10_000)
      yield* fuzzHosts(seed, size, signal)
    } finally {
      await rm(top, { recursive: true, force: true, maxRetries: 5 })
    }
  },
}

/** What the program says when it is through. */
interface Ended {
  readonly end: true
  readonly lists: boolean
  readonly rss: number
  readonly planted: number
}

async function* fuzzProcedures(
  base: string,
  seed: number,
  runs: number,
  signal: AbortSignal,
): AsyncGenerator<Injection> {
  const program = join(import.meta.dirname, '..', 'fuzz', 'engine-program.ts')
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=1024', program, String(seed), String(runs)],
    {
      cwd: join(base, 'work'),
      env: {
        PATH: process.env['PATH'],
        HOME: join(base, 'user'),
        TMPDIR: join(base, 'tmp'),
        DBUS_SESSION_BUS_ADDRESS: '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    },
  )
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2_000)
  })
  child.on('error', () => undefined)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ends: Ended[] = []
  for await (const line of createInterface(child.stdout)) {
    const report = JSON.parse(line) as FuzzReport | Ended
    if ('end' in report) ends.push(report)
    else yield judged(report)
  }
  const code = await ended
  const last = ends.at(-1)
  if (last === undefined)
    yield broke('the engine afterwards', `it ended with ${code}: ${complaints}`)
  else if (last.planted === 0) yield broke('the engine afterwards', 'no job could be planted')
  else if (!last.lists) yield broke('the engine afterwards', 'the list of jobs is not answered')
  else if (last.rss > mostMemoryBytes) {
    yield broke('the engine afterwards', `it holds ${Math.round(last.rss / 2 ** 20)} MiB`)
  } else yield held('the engine afterwards')
}

function judged({ method, runs, problems, slowestMs }: FuzzReport): Injection {
  const what = `${method}, slowest ${slowestMs} ms`
  const [first] = problems
  return first === undefined ? held(what, runs) : broke(what, problems.join(' | ').slice(0, 1_500))
}

/** Nothing may lie beside the home (which is gone) and the user's own folders, where files were asked for. */
function strays(top: string): Injection {
  const allowed = new Set(['a', 'b', 'c', 'work', 'user', 'tmp'])
  const found = execFileSync('find', [top, '-mindepth', '1', '-print0'], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)
    .map((path) => path.slice(top.length + 1))
    .filter((path) => !allowed.has(path.split('/').at(-1) ?? ''))
    .filter((path) => !/^a\/b\/c\/(work|user)\//.test(path))
    // What `../../evil` names from the work folder: asked for, where a file may be anywhere.
    .filter((path) => !path.startsWith('a/b/evil'))
  const evil = ['/evil', join(tmpdir(), 'evil')].filter((path) => existsSync(path))
  const all = [...found, ...evil]
  return all.length === 0
    ? held('nothing is written elsewhere')
    : broke('nothing is written elsewhere', all.slice(0, 9).join(', '))
}
