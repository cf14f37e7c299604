import type { OfferColumn, OfferRow } from '../../../preload/contract/offer-view.ts'

type Better = 'less' | 'more' | null

interface Fact {
  /** Null where it is not known. */
  readonly value: (row: OfferRow) => number | string | boolean | null
  readonly better: Better
}

const facts: Readonly<Record<OfferColumn, Fact>> = {
  gpu: { value: ({ offer }) => offer.gpu?.name ?? null, better: null },
  count: { value: ({ offer }) => offer.gpu?.count ?? 0, better: null },
  vram: { value: ({ offer }) => offer.gpu?.vramGiB ?? null, better: 'more' },
  finish: { value: ({ finishMicros }) => finishMicros, better: 'less' },
  perHour: { value: ({ offer }) => offer.microsPerHour, better: 'less' },
  perGpuHour: { value: ({ microsPerGpuHour }) => microsPerGpuHour, better: 'less' },
  provider: {
    value: ({ providerName, accountName }) => `${providerName} ${accountName}`,
    better: null,
  },
  region: { value: ({ offer }) => offer.region, better: null },
  spot: { value: ({ offer }) => offer.spot, better: null },
  availability: { value: ({ offer }) => offer.availability, better: null },
  reliability: { value: ({ offer }) => offer.reliability ?? null, better: 'more' },
  increment: {
    value: ({ offer }) => Math.max(offer.billing.incrementMs, offer.billing.minimumMs),
    better: 'less',
  },
  egress: { value: ({ offer }) => offer.billing.egressMicrosPerGib, better: 'less' },
  perTflopHour: { value: ({ microsPerTflopHour }) => microsPerTflopHour, better: 'less' },
  perBandwidthHour: {
    value: ({ microsPerBandwidthHour }) => microsPerBandwidthHour,
    better: 'less',
  },
  vcpus: { value: ({ offer }) => offer.vcpus, better: 'more' },
  memory: { value: ({ offer }) => offer.memoryGiB, better: 'more' },
  disk: { value: ({ offer }) => offer.diskGiB, better: 'more' },
  boot: { value: ({ offer }) => offer.expectedBootMs, better: 'less' },
  arch: { value: ({ offer }) => offer.arch, better: null },
  age: { value: ({ offer }) => offer.source, better: null },
}

/** Whether the offers differ in that. */
export function differs(column: OfferColumn, offers: readonly OfferRow[]): boolean {
  return new Set(offers.map(facts[column].value)).size > 1
}

/** The ids of those that are best in a figure; none where all are the same or nothing is better. */
export function bestOf(column: OfferColumn, offers: readonly OfferRow[]): ReadonlySet<string> {
  const { value, better } = facts[column]
  if (better === null || !differs(column, offers)) return new Set()
  const figures = offers.flatMap((row) => {
    const figure = value(row)
    return typeof figure === 'number' ? [{ id: row.offer.id, figure }] : []
  })
  const all = figures.map(({ figure }) => figure)
  const best = better === 'less' ? Math.min(...all) : Math.max(...all)
  return new Set(figures.filter(({ figure }) => figure === best).map(({ id }) => id))
}
