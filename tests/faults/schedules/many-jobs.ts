import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contract } from '../../../preload/contract/contract.ts'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import { type JobSummary } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'
import { connectEngine } from '../../../main/engine/connect.ts'
import { subletVersion } from '../../../main/engine/version.ts'
import type { Client } from '../../../main/rpc/client/client.ts'
import { testUser, type TestUser } from '../../support/cli.ts'
import { eventually } from '../../support/eventually.ts'

/** A user with an engine and a sandbox of their own, whose time runs faster than ours. */
export interface ManyJobs {
  readonly user: TestUser
  readonly api: Client<Contract>['api']
  /** Submits so many jobs at once and answers them once all are frozen. */
  submit(count: number, file: JobFile, afterProposal: () => Promise<void>): Promise<SmallJobs>
  stop(): Promise<void>
}

/** Jobs that were submitted together. */
export interface SmallJobs {
  readonly ids: readonly string[]
  /** Resolves to all of them once each has ended, or at the deadline or abort to what they are then. */
  ended(deadlineMs: number, signal: AbortSignal): Promise<readonly JobSummary[]>
  /** The jobs as they were last heard of. */
  now(): readonly JobSummary[]
  /** What is wrong with the results of a job that is done; null when they are right. */
  problemWith(job: JobSummary): string | null
  /** How often the program of a job was started twice in one attempt. */
  startedTwice(): readonly string[]
  /** Ends the watch. */
  close(): void
}

/** Says where it ran, works a moment, and writes what only this job can write. */
const script = `echo "$SUBLET_OUTPUT" >> "$MARKS/$WORD"
echo "began $WORD"
sleep "$SECONDS_LONG"
printf %s "$WORD" > "$SUBLET_OUTPUT/word"
seq 1 "$LINES_LONG" > "$SUBLET_OUTPUT/lines"
echo "wrote $WORD"`

export async function manyJobs(speed: number): Promise<ManyJobs> {
  const user = await testUser()
  const env = { SUBLET_CLOCK: `${speed}@${Date.now()}` }
  // On a busy computer an engine may take longer to start than one command waits for it.
  const client = await eventually(
    async () => {
      await user.run(['offers', '--provider', 'sandbox'], { env })
      return await connectEngine({
        home: user.home,
        clientVersion: subletVersion(),
        role: 'test',
        startIfAbsent: false,
      })
    },
    { timeoutMs: 90_000, what: 'the engine to start' },
  )
  return {
    user,
    api: client.api,
    submit: jobsOn(user, client.api),
    stop: async () => {
      client.close()
      await user.stop()
    },
  }
}

/** `submit` on an engine that runs. */
export function jobsOn(user: TestUser, api: Client<Contract>['api']): ManyJobs['submit'] {
  return async (count, file, afterProposal) => {
    const marks = join(user.base, `marks-${randomUUID()}`)
    await mkdir(marks)
    const { spec, ceiling } = await api.jobs.propose({
      file: { provider: 'sandbox', gpus: 0, keepWarm: 0, ...file, command: script },
      baseDir: user.work,
      environment: {},
    })
    await afterProposal()
    const words = new Map<string, string>()
    await Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const word = randomUUID()
        const { jobId } = await api.jobs.submit({
          spec: {
            ...spec,
            name: `small-${at}`,
            outputDir: join(user.base, 'out', word),
            env: { ...spec.env, WORD: word, MARKS: marks },
          },
          ceiling,
          acceptsNoLease: false,
          environment: {},
        })
        words.set(jobId, word)
      }),
    )
    return await watched(api, words, marks, Number(spec.env['LINES_LONG']))
  }
}

async function watched(
  api: Client<Contract>['api'],
  words: ReadonlyMap<string, string>,
  marks: string,
  lines: number,
): Promise<SmallJobs> {
  const over = new AbortController()
  const known = new Map<string, JobSummary>()
  const allEnded = Promise.withResolvers<void>()
  const take = (job: JobSummary): void => {
    if (!words.has(job.id)) return
    known.set(job.id, job)
    if (known.size === words.size && [...known.values()].every(({ state }) => isEnded(state)))
      allEnded.resolve()
  }
  const stream = await api.jobs.watch({}, { signal: over.signal })
  stream.snapshot.forEach((job) => take(job))
  const follow = async (): Promise<void> => {
    for await (const job of stream.events) take(job)
  }
  void follow().catch(() => undefined) // Only `close` and the engine's end break it.
  const wanted = createHash('sha256').update(numbers(lines)).digest('hex')
  return {
    ids: [...words.keys()],
    now: () => [...known.values()],
    ended: async (deadlineMs, signal) => {
      const late = Promise.withResolvers<void>()
      const timer = setTimeout(late.resolve, deadlineMs)
      signal.addEventListener('abort', () => late.resolve(), { once: true })
      await Promise.race([allEnded.promise, late.promise])
      clearTimeout(timer)
      return [...known.values()]
    },
    problemWith: ({ id, outputDir }) => {
      const word = words.get(id) ?? ''
      const read = (name: string): string => {
        const path = join(outputDir, name)
        return existsSync(path) ? readFileSync(path, 'utf8') : ''
      }
      if (read('word') !== word) return `its word is "${read('word')}" and not ${word}`
      const hash = createHash('sha256').update(read('lines')).digest('hex')
      return hash === wanted ? null : 'its lines are not what the job wrote'
    },
    startedTwice: () =>
      readdirSync(marks).flatMap((name) => {
        const starts = readFileSync(join(marks, name), 'utf8').trim().split('\n')
        return starts.filter((start, at) => starts.indexOf(start) !== at)
      }),
    close: () => over.abort(),
  }
}

const numbers = (last: number): string =>
  Array.from({ length: last }, (_, at) => `${at + 1}\n`).join('')
