import type { BillingTerms, Offer } from '../../../preload/contract/offer.ts'
import { offerSchema } from '../../../preload/contract/offer.ts'

/** Per-second billing from launch, with everything included, unless said otherwise. */
export function terms(changes: Partial<Record<keyof BillingTerms, unknown>> = {}): BillingTerms {
  return offerSchema.shape.billing.parse({
    incrementMs: 1_000,
    minimumMs: 0,
    startsAt: 'launch',
    diskMicrosPerGibHour: 0,
    egressMicrosPerGib: 0,
    ...changes,
  })
}

/** One H100 at $2.00/h, on demand and available, unless said otherwise. */
export function anOffer(changes: Partial<Record<keyof Offer, unknown>> = {}): Offer {
  const { machineType = 'h100-1x', region = 'eu-1', spot = false } = changes
  return offerSchema.parse({
    id: ['sandbox:main', machineType, region, spot === true ? 'spot' : 'od'].join(':'),
    providerId: 'sandbox',
    accountId: 'main',
    machineType,
    region,
    gpu: { name: 'H100', vendor: 'nvidia', count: 1, vramGiB: 80 },
    vcpus: 16,
    memoryGiB: 128,
    diskGiB: 100,
    arch: 'x86_64',
    spot,
    microsPerHour: 2_000_000,
    billing: terms(),
    availability: 'available',
    expectedBootMs: 60_000,
    fetchedAt: 0,
    source: 'live',
    simulated: false,
    ...changes,
  })
}
