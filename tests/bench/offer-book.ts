import { finishColumn } from '../../main/domain/offers/finish-cost.ts'
import { listOffers } from '../../main/domain/offers/listed-offer.ts'
import { OfferSnapshot } from '../../main/engine/offers/offer-snapshot.ts'
import { OfferViews } from '../../main/engine/offers/offer-views.ts'
import { offerColumns } from '../../preload/contract/offer-view.ts'
import { manyOffers } from '../support/many-offers.ts'
import { medianMs, report } from './timed.ts'

/** The Offers page's work in the engine: filter, sort and rank 50,000 offers, and answer rows. */
const count = 50_000
const runs = 15
const offers = manyOffers(count)
const origin = { providerName: 'Bench', accountName: 'main', stopsByItself: true as const }
const size = {
  uploadBytes: 3_000_000_000,
  downloadBytesGuess: 500_000_000,
  expectedRunMs: 5_400_000,
  maxDurationMs: null,
  budgetMicros: 20_000_000,
  bytesPerSecond: 48_000_000,
  warm: false,
}

report(
  `${count} offers: understood once, when a source answers`,
  medianMs(runs, () => listOffers(offers, origin)),
)
const listed = listOffers(offers, origin)
report(
  `${count} offers: a new revision put together`,
  medianMs(runs, () => new OfferSnapshot(1, [listed])),
)

let snapshot = new OfferSnapshot(1, [listed])
const views = new OfferViews({
  book: { snapshot: () => snapshot },
  favourites: () => new Set(),
  costsOf: () => ({ key: 'job', of: (rows) => finishColumn(rows, { gpus: 1 }, size) }),
})
const text = '4090, h100, ≥ 40 GB, eu'
const first = (work: () => unknown): number => {
  const times = Array.from({ length: runs }, () => {
    snapshot = new OfferSnapshot(1, [listed])
    const before = performance.now()
    work()
    return performance.now() - before
  }).sort((a, b) => a - b)
  return times[Math.floor(runs / 2)] ?? Number.NaN
}
const view = (filter: object, column: (typeof offerColumns)[number], forJob?: string) =>
  views.make({ filter, sort: { column, descending: false }, count: 100, forJob })

report(
  `${count} offers: free text, first sort by price`,
  first(() => view({ text }, 'perGpuHour')),
  50,
)
for (const column of offerColumns.filter((one) => one !== 'finish')) {
  report(
    `${count} offers: everything, first sort by ${column}`,
    first(() => view({}, column)),
    50,
  )
}
report(
  `${count} offers: everything, ranked by one job's cost`,
  first(() => view({}, 'finish', 'job')),
  50,
)
report(
  `${count} offers: free text again`,
  medianMs(runs, () => view({ text }, 'perGpuHour')),
  50,
)
report(
  `${count} offers: nothing fits, what to relax`,
  medianMs(runs, () => view({ text: 'nowhere', minVramGiB: 80, spot: true }, 'perGpuHour')),
  50,
)
const { viewId } = view({}, 'perGpuHour')
report(
  `${count} offers: 100 rows of a view`,
  medianMs(runs, () => views.rows(viewId, 25_000, 100)),
)
