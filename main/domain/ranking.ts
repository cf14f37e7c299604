import type { Offer } from '../../preload/contract/offer.ts'
import { expectedMicros, expectedRunMs, occupiedMs } from './estimate.ts'
import type { JobSize } from './estimate.ts'
import { gpuSpeed } from './offers/gpu-speed.ts'

/** What run times are compared with: a T4, the slowest card that clouds still rent out widely. */
const referenceTflops = 65

/**
 * Offers in the order in which a job tries them: by what finishing is expected to cost, then by
 * hourly price, then by id. `preferFast` between 0 and 1 weighs the expected time against the cost,
 * up to going by time alone. Own machines stand where their rate puts them: at no rate they cost
 * nothing and come first. Simulated machines come after every real one, since they do no real
 * work; offers without capacity or quota come last. The query's `spot` is the filter's business.
 */
export function rankOffers(offers: readonly Offer[], job: JobSize, preferFast = 0): Offer[] {
  const ranked = offers.map((offer) => {
    const cost = expectedMicros(offer, job)
    const group = (isUnavailable(offer) ? 2 : 0) + (offer.simulated ? 1 : 0)
    return { offer, group, score: preferFast === 0 ? cost : weighed(offer, job, cost, preferFast) }
  })
  ranked.sort(
    (a, b) =>
      a.group - b.group ||
      a.score - b.score ||
      a.offer.microsPerHour - b.offer.microsPerHour ||
      (a.offer.id < b.offer.id ? -1 : a.offer.id > b.offer.id ? 1 : 0),
  )
  return ranked.map((entry) => entry.offer)
}

/** Ratios count alike: half the time weighs as much as half the cost at the middle. */
function weighed(offer: Offer, job: JobSize, cost: number, preferFast: number): number {
  const run = expectedRunMs(job)
  const time = occupiedMs(offer, job) - run + run / relativeSpeed(offer, job.gpusUsed ?? 1)
  return (1 - preferFast) * Math.log(Math.max(1, cost)) + preferFast * Math.log(time)
}

/** By the makers' data sheets, for comparing offers only; 1 for a machine without known figures. */
function relativeSpeed({ gpu }: Offer, gpusUsed: number): number {
  const tflops = gpu === null ? null : gpuSpeed(gpu.name, gpu.vramGiB).tflops
  if (gpu === null || tflops === null) return 1
  return Math.max(1, (tflops * Math.min(gpu.count, gpusUsed)) / referenceTflops)
}

/** Whether the provider itself says that a launch would fail. */
export function isUnavailable(offer: Offer): boolean {
  return offer.availability === 'none' || offer.availability === 'no-quota'
}
