import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../preload/contract/errors.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import { SubletError } from '../../../main/domain/errors.ts'
import type { JobRecord } from '../../../main/domain/job/record.ts'
import { refusalScope } from '../../../main/domain/job/refusals.ts'
import { isUnavailable, rankOffers } from '../../../main/domain/ranking.ts'
import { jobSize } from '../../../main/jobs/job-size.ts'
import type { OfferSource } from '../../../main/jobs/ports.ts'
import { choose } from '../../../main/jobs/steps/choose.ts'
import { micros, offer } from '../../support/fake-facts.ts'
import { jobId, plainSteps, runnerRig } from '../../support/runner-rig.ts'

/** What a launch of an offer meets: a refusal's code, a price risen to, or a machine. */
type Fate = ErrorCode | { readonly risesTo: number } | null

interface Market {
  readonly offers: readonly Offer[]
  readonly fates: ReadonlyMap<string, Fate>
  readonly sources?: readonly OfferSource[]
}

interface Walk {
  readonly job: JobRecord
  /** Offers in the order in which they were asked for, at the price of that time. */
  readonly asked: readonly Offer[]
  /** The order that the ranking gives to all. */
  readonly ranked: readonly Offer[]
}

const said = (one: Offer): string => `${one.id} says no.`

/** Runs a job whose launches meet their fates, and whose machines do the rest. */
async function walk({ offers, fates, sources = [] }: Market): Promise<Walk> {
  const rig = runnerRig()
  try {
    const { journal } = rig.deps
    const asked: Offer[] = []
    let market = [...offers]
    const plain = plainSteps([])
    const providers = {
      ...rig.deps.providers,
      accountName: (id: string) => `Cloud (${id})`,
      offers: async () => ({ offers: market, sources }),
    }
    Object.assign(rig.deps, { providers })
    const end = async () => undefined
    await rig.run({
      ...plain,
      choose,
      launch: async (context) => {
        const { offer: tried } = context.attempt()
        asked.push(tried)
        const fate = fates.get(tried.id) ?? null
        if (fate === null) {
          context.append({ kind: 'gave-up', error: { code: 'internal', message: 'Rented.' } })
          return
        }
        if (typeof fate === 'string') throw new SubletError(fate, said(tried))
        const { risesTo } = fate
        if (tried.microsPerHour >= risesTo) {
          context.append({ kind: 'gave-up', error: { code: 'internal', message: 'Rented.' } })
          return
        }
        market = market.map((one) =>
          one.id === tried.id ? { ...one, microsPerHour: micros(risesTo) } : one,
        )
        throw new SubletError('price-moved', said(tried))
      },
      release: async (context) =>
        context.append({
          kind: 'release-called',
          attemptId: context.attempt().id,
          keptWarmUntil: null,
        }),
      abandon: plain.abandon,
      boot: end,
    })
    const job = journal.job(jobId)
    const size = jobSize(journal, job.spec, job.frozen?.bytes ?? 0, false)
    return { job, asked, ranked: rankOffers(offers, size, job.spec.preferFast) }
  } finally {
    rig.close()
  }
}

const at = (accountId: string, region: string, microsPerHour: number): Offer => ({
  ...offer,
  id: `cloud:${accountId}:a100:${region}:${microsPerHour}`,
  accountId,
  region,
  microsPerHour: micros(microsPerHour),
  simulated: false,
})

describe('a job whose launches are refused', () => {
  it('goes by rank over accounts and regions, never above the ceiling, and says why each time', async () => {
    const fate: fc.Arbitrary<Fate> = fc.oneof(
      fc.constantFrom<Fate>('no-capacity', 'quota', 'permission', 'auth', null),
      fc.integer({ min: 100_000, max: 2_500_000 }).map((risesTo) => ({ risesTo })),
    )
    const row = fc.record({
      accountId: fc.constantFrom('work', 'home', 'lab'),
      region: fc.constantFrom('us', 'eu'),
      microsPerHour: fc.integer({ min: 100_000, max: 1_500_000 }),
      fate,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, {
          minLength: 1,
          maxLength: 8,
          selector: (one) => at(one.accountId, one.region, one.microsPerHour).id,
        }),
        async (rows) => {
          const offers = rows.map((one) => at(one.accountId, one.region, one.microsPerHour))
          const fates = new Map(offers.map((one, index) => [one.id, rows[index]?.fate ?? null]))
          const { job, asked, ranked } = await walk({ offers, fates })
          const ceiling = job.ceiling.microsPerHour
          expect(asked.every((one) => one.microsPerHour <= ceiling)).toBe(true)
          expectNobodyAskedInVain(asked, fates)
          const unmoved = asked.filter((one) => typeof fates.get(one.id) !== 'object')
          const order = unmoved.map((one) => ranked.findIndex(({ id }) => id === one.id))
          if (unmoved.length === asked.length) {
            expect(order).toEqual(order.toSorted((a, b) => a - b))
          }
          // Each step and its reason stands in the history that `sublet show` and the page print.
          const history = job.timeline.map(({ sentence }) => sentence)
          for (const one of asked) {
            expect(history.join('\n')).toContain(
              `Renting gpu-1x-a100 at Cloud (${one.accountId}) for`,
            )
          }
          for (const { offer: tried } of job.refusals) {
            const reason = `in ${tried.region} at Cloud (${tried.accountId}): ${said(tried)}`
            expect(history.some((line) => line.includes(reason))).toBe(true)
          }
          if (job.error?.message !== 'Rented.') {
            const left = offers.filter(
              (one) =>
                one.microsPerHour <= ceiling && !isUnavailable(one) && !ruledOut(one, asked, fates),
            )
            expect(left).toEqual([])
          }
        },
      ),
      { numRuns: 12 },
    )
  })

  const cheap = at('work', 'us', 100_000)
  const dear = at('work', 'us', 200_000)
  const abroad = at('work', 'eu', 300_000)
  const other = at('home', 'us', 400_000)
  const all = [cheap, dear, abroad, other]

  it.for<[ErrorCode, readonly Offer[], string]>([
    ['no-capacity', [cheap, dear], ''],
    ['quota', [cheap, abroad], ' Its other offers in us are left out too.'],
    ['permission', [cheap, other], ' This account is left out from now on.'],
    ['auth', [cheap, other], ' This account is left out from now on.'],
  ])('by %s goes on where that refusal says nothing', async ([code, asked, consequence]) => {
    const went = await walk({ offers: all, fates: new Map([[cheap.id, code]]) })
    expect(went.asked).toEqual(asked)
    expect(went.job.timeline.map(({ sentence }) => sentence)).toContain(
      `gpu-1x-a100 in us at Cloud (work): ${said(cheap)}${consequence}`,
    )
  })

  it('is asked for again at a price that has moved, inside the ceiling only', async () => {
    const moves = (risesTo: number) =>
      walk({ offers: [cheap, other], fates: new Map([[cheap.id, { risesTo }]]) })
    expect((await moves(150_000)).asked.map((one) => one.microsPerHour)).toEqual([100_000, 150_000])
    expect((await moves(90_000_000)).asked).toEqual([cheap, other])
  })

  it('ends with the account’s own words where there is no other', async () => {
    const { job } = await walk({ offers: [cheap], fates: new Map([[cheap.id, 'permission']]) })
    expect(job.error).toMatchObject({ code: 'permission', message: said(cheap) })
  })

  it('says which accounts had no say', async () => {
    const sources = [
      { providerId: 'cloud', accountId: 'lab', ok: false, sentence: 'It is down.', dropped: 0 },
    ]
    const { job } = await walk({ offers: [cheap], fates: new Map(), sources })
    expect(job.timeline.map(({ sentence }) => sentence)).toContain(
      'Renting gpu-1x-a100 at Cloud (work) for $0.10/h. Without Cloud (lab): It is down.',
    )
  })
})

function expectNobodyAskedInVain(asked: readonly Offer[], fates: Market['fates']): void {
  asked.forEach((one, index) => {
    expect(ruledOut(one, asked.slice(0, index), fates)).toBe(false)
  })
}

/** By the rule in words, apart from the code's own. */
function ruledOut(one: Offer, before: readonly Offer[], fates: Market['fates']): boolean {
  return before.some((tried) => {
    const fate = fates.get(tried.id)
    if (fate === null || fate === undefined) return false
    if (typeof fate !== 'string') {
      return tried.id === one.id && one.microsPerHour <= tried.microsPerHour
    }
    const scope = refusalScope(fate)
    if (tried.id === one.id) return true
    if (tried.accountId !== one.accountId) return false
    return scope === 'account' || (scope === 'region' && tried.region === one.region)
  })
}
