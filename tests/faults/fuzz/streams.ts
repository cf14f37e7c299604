import { appendFileSync } from 'node:fs'
import { contract } from '../../../preload/contract/contract.ts'
import type { ContractTable, Stream } from '../../../preload/contract/procedure.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { homeAt } from '../../../main/engine/home.ts'
import type { Provider } from '../../../main/providers/provider.ts'
import { createRouter, type Router } from '../../../main/rpc/router.ts'
import { putEndedJob } from '../../support/app/ended-job.ts'
import { fillBooks } from '../../support/app/seed-books.ts'
import { oneRental } from '../../support/app/spend-scenes.ts'
import { servicesRig, type ServicesRig } from '../../support/services-rig.ts'
import { manyOffers } from '../../support/many-offers.ts'
import { nothing } from '../../support/test-cloud.ts'
import { broke, held, type Injection } from '../fault-class.ts'
import { inputsOf } from './inputs.ts'
import { seeded, type Random } from './random.ts'
import { readEvents } from './read-events.ts'

const client = { role: 'test', version: '1' }
const atOnce = 16

/** What makes a stream say something: its input, and what happens once it is open. */
interface Stirred {
  readonly input: unknown
  readonly stir?: (world: World) => unknown
  /** Nothing can come of it without a machine, or it has only its beginning to say. */
  readonly isSilent?: true
}

interface World {
  readonly rig: ServicesRig
  readonly call: (method: string, input: unknown) => Promise<unknown>
}

/** A cloud that offers machines; nobody rents one, as the engine is not started. */
const withOffers: Provider = {
  ...nothing,
  connect: (account, context) => ({
    ...nothing.connect(account, context),
    offers: async function* () {
      for (const offer of manyOffers(60)) {
        yield {
          ...offer,
          providerId: account.providerId,
          accountId: account.id,
          fetchedAt: context.clock.now(),
        }
      }
    },
  }),
}

const environment = {}
const submit = async ({ call, rig }: World): Promise<void> => {
  const file = { command: 'true', budget: '$5', maxDuration: '1h' }
  const asked = { file, baseDir: rig.folder, environment }
  const { spec, ceiling } = (await call('jobs.propose', asked)) as Record<string, unknown>
  await call('jobs.submit', { spec, ceiling, acceptsNoLease: true, environment })
}
const changeTheme = ({ call }: World): unknown =>
  call('settings.set', { key: 'theme', value: 'dark' })

/** By procedure. Whoever adds a stream to the contract says here what it answers to. */
function stirredStreams(jobId: string): Readonly<Record<string, Stirred>> {
  const search = { text: 'loss', caseSensitive: false, fromLine: 0, limit: 100 }
  return {
    'jobs.outputs': { input: { jobId, most: 5 }, isSilent: true },
    'jobs.forward': { input: { jobId, port: 80 }, isSilent: true },
    'jobs.watch': { input: {}, stir: submit },
    'jobs.log': { input: { jobId, offset: 0, follow: false } },
    'jobs.metrics': { input: { jobId, fromAt: 0, follow: false } },
    'ledger.export': { input: { format: 'csv', simulated: false } },
    'logs.search': { input: { jobId, ...search } },
    'logs.follow': { input: { jobId }, isSilent: true },
    'offers.watch': {
      input: { environment },
      stir: ({ call }) => call('offers.refresh', { environment }),
    },
    'settings.watch': { input: {}, stir: changeTheme },
    'settings.logTail': {
      input: { lines: 5, follow: true },
      stir: ({ rig }) => appendFileSync(homeAt(rig.folder).logFile, '{"level":30,"msg":"x"}\n'),
    },
    'system.watch': { input: {}, stir: submit },
  }
}

/**
 * Every stream of the contract against the engine's own services and a job that has ended: opened
 * as it should be and with generated inputs, its events read and held to the contract's schema.
 */
export async function* fuzzStreams(seed: number, runs: number): AsyncGenerator<Injection> {
  const rig = await servicesRig([withOffers])
  const { jobId } = putEndedJob(rig.folder, { lines: 400, gpus: 1, durationS: 30 })
  fillBooks(rig.database, [oneRental(Date.now() - 3_600_000)])
  const router = createRouter(contract, rig.handlers, silentLogger)
  const signal = new AbortController().signal
  const call = async (method: string, input: unknown): Promise<unknown> => {
    const answer = await router.call(method, input, { signal, client })
    if (!answer.ok) throw new Error(`${method}: ${answer.error.message}`)
    return answer.value
  }
  const stirred = stirredStreams(jobId)
  try {
    let index = 0
    for (const [service, table] of Object.entries(contract as ContractTable)) {
      for (const [name, procedure] of Object.entries(table)) {
        if (procedure.kind !== 'stream') continue
        const method = `${service}.${name}`
        const random = seeded(seed * 1_000 + 500 + index++)
        yield await alive(router, method, procedure, stirred[method], { rig, call })
        yield await generated(router, method, procedure, { jobId, random, runs })
      }
    }
  } finally {
    rig.close()
  }
}

async function alive(
  router: Router,
  method: string,
  procedure: Stream,
  stirred: Stirred | undefined,
  world: World,
): Promise<Injection> {
  const what = `events of ${method}`
  if (stirred === undefined) return broke(what, 'nobody has said what it answers to')
  const { input, stir, isSilent = false } = stirred
  const leave = new AbortController()
  const opened = await router.open(method, input, { signal: leave.signal, client })
  if (!opened.ok) return isSilent ? held(what) : broke(what, opened.error.message)
  const patienceMs = isSilent ? 50 : 20_000
  const most = stir === undefined ? 1_000 : 1
  const reading = readEvents(procedure, opened.value, {
    most,
    patienceMs,
    leave: () => leave.abort(),
  })
  await stir?.(world)
  const { count, problem } = await reading
  if (problem !== null) return broke(what, problem)
  return count > 0 || isSilent ? held(what, Math.max(1, count)) : broke(what, 'none came')
}

async function generated(
  router: Router,
  method: string,
  procedure: Stream,
  { jobId, random, runs }: { jobId: string; random: Random; runs: number },
): Promise<Injection> {
  const next = inputsOf(procedure.input, { jobId: [jobId], environment: [environment] })
  let left = runs
  let events = 0
  const problems: string[] = []
  const lane = async (): Promise<void> => {
    while (left-- > 0 && problems.length === 0) {
      const leave = new AbortController()
      const input = next(random)
      const opened = await router.open(method, input, { signal: leave.signal, client })
      if (!opened.ok) continue
      const options = { most: 20, patienceMs: 5, leave: () => leave.abort() }
      const { count, problem } = await readEvents(procedure, opened.value, options)
      events += count
      if (problem !== null) problems.push(`${problem} for ${JSON.stringify(input).slice(0, 300)}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  const what = `${method} with any input, ${events} events read`
  const [problem] = problems
  return problem === undefined ? held(what, runs) : broke(what, problem)
}
