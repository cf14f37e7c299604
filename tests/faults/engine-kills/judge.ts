import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { eventually } from '../../support/eventually.ts'
import { treeHashes } from '../../support/training-job.ts'
import { readBooks } from '../books.ts'
import type { Scenario } from './scenarios.ts'
import type { Act } from './act.ts'

/** What a run of a scenario made, for comparison with one in which nothing was killed. */
export interface Made {
  readonly logs: readonly string[]
  readonly files: readonly Readonly<Record<string, string>>[]
}

export interface Verdict {
  readonly made: Made
  /** Every broken promise, in a sentence. */
  readonly problems: readonly string[]
  /** Machines that still cost money, or of which nobody knows. */
  readonly leaked: number
  /** Results, logs and bookings that are not as they should be. */
  readonly lost: number
}

/** Waits until all is over, and holds what came of it against the sandbox's own word. */
export async function judge(
  act: Act,
  scenario: Scenario,
  reference: Made | null,
): Promise<Verdict> {
  const { stage } = act
  await act.until(() => act.isOver(), 'every job to end and every rental to have its receipt')
  const ends = await outcomes(act)
  const made: Made = {
    logs: act.jobs.map((job) => act.logOf(job)),
    files: await Promise.all(
      act.jobs.map(async (_, index) => {
        const dir = act.outputDir(index + 1)
        return existsSync(dir) ? await treeHashes(dir) : {}
      }),
    ),
  }
  const { billables } = await act.ask((api) => api.instances.list({ environment: {} }))
  const books = await readBooks(stage.home, stage.sandbox)
  const launched = (await stage.sandbox.machines()).filter(({ name }) =>
    act.rentals().includes(name),
  ).length
  const keys = await keysLeft(act)
  const twice = repeated(act)
  const kept =
    reference === null || scenario.mayLackResults === true ? [] : differences(made, reference)
  const amiss = [
    [billables.length === 0, `still listed: ${JSON.stringify(billables)}`],
    [within(launched, scenario.machines), `${launched} machines were launched`],
    [within(act.startCount(), scenario.starts), `the job was started ${act.startCount()} times`],
    [endedAs(ends, scenario), `the jobs ended as ${JSON.stringify(ends)}`],
    [twice.length === 0, `journaled more than once: ${twice.join(', ')}`],
    [keys.length === 0, `${keys.length} rentals have left their keys behind`],
  ] as const
  return {
    made,
    problems: [
      ...amiss.flatMap(([holds, sentence]) => (holds ? [] : [sentence])),
      ...books.leaked,
      ...books.wrong,
      ...kept,
    ],
    leaked: books.leaked.length,
    lost: books.wrong.length + kept.length,
  }
}

function endedAs(ends: readonly End[], { ends: wanted }: Scenario): boolean {
  return (
    ends.length === wanted.length &&
    wanted.every(
      ({ state, exitCode }, index) =>
        ends[index]?.state === state && (exitCode === 'any' || ends[index].exitCode === exitCode),
    )
  )
}

/** Keys go a moment after the receipt is in the journal. */
async function keysLeft({ stage }: Act): Promise<readonly string[]> {
  let keys: readonly string[] = []
  await eventually(
    async () => {
      keys = await readdir(stage.paths.rentals).catch(() => []) // None was ever made.
      return keys.length === 0
    },
    { timeoutMs: 10_000 },
  ).catch(() => undefined) // Judged by who asks.
  return keys
}

interface End {
  readonly state: string
  readonly exitCode: number | null
}

/** By the word of the engine that runs now, which has folded the journal anew. */
async function outcomes(act: Act): Promise<readonly End[]> {
  const ends: End[] = []
  for (const jobId of act.jobs) {
    const { summary } = await act.ask((api) => api.jobs.show({ jobId }))
    ends.push({ state: summary.state, exitCode: summary.exitCode })
  }
  return ends
}

/** Events that happen once in the life of an attempt or rental. */
const once = ['intended', 'started', 'exited', 'collected', 'release-called', 'ended'] as const

function repeated(act: Act): readonly string[] {
  const { journal } = act.stage
  return [...act.jobs, ...act.rentals()].flatMap((stream) => {
    const kinds = journal.kinds(stream)
    const times = (kind: string): number => kinds.filter((one) => one === kind).length
    return once.filter((kind) => times(kind) > Math.max(1, times('attempt-started')))
  })
}

function differences(made: Made, reference: Made): readonly string[] {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  return [
    ...(same(made.logs, reference.logs) ? [] : [`the log is ${JSON.stringify(made.logs)}`]),
    ...(same(made.files, reference.files)
      ? []
      : [`the results are ${JSON.stringify(made.files.map((one) => Object.keys(one)))}`]),
  ]
}

function within(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most
}
