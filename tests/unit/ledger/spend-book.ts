import * as fc from 'fast-check'
import { rentalIdSchema } from '../../../preload/contract/rental.ts'
import { reportingZone } from '../../../main/domain/reporting-day.ts'
import type { RentalAccount } from '../../../main/ledger/rental-account.ts'
import { anOffer } from '../domain/an-offer.ts'
import { aReceipt, anAccount, hour } from './an-account.ts'

export const zone = reportingZone('Europe/Berlin')
/** The clocks go forward in this month, on the 29th. */
export const march = '2026-03'
export const marchStart = Date.parse('2026-03-01T00:00:00+01:00')

const projects = [null, 'vision', 'speech']

/** Rentals of March and the days around it, some still open, some of the practice cloud. */
export const someRentals = fc.array(
  fc.record({
    startHour: fc.integer({ min: -48, max: 31 * 24 + 20 }),
    minutes: fc.integer({ min: 1, max: 60 * 50 }),
    idleMinutes: fc.integer({ min: 0, max: 200 }),
    micros: fc.option(fc.integer({ min: 1, max: 90_000_000 }), { nil: null }),
    project: fc.constantFrom(...projects),
    provider: fc.constantFrom('vast', 'lambda', 'sandbox'),
    job: fc.integer({ min: 0, max: 3 }),
    open: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
)
export type SomeRental = typeof someRentals extends fc.Arbitrary<readonly (infer T)[]> ? T : never

/** The rental as the meter sees it; the job runs first, then the machine is paid for idly. */
export function accountOf(some: SomeRental, index: number): RentalAccount {
  const launchedAt = marchStart + some.startHour * hour
  const usedUntil = launchedAt + some.minutes * 60_000
  const goneAt = usedUntil + some.idleMinutes * 60_000
  const jobId = `job-${String(some.job).padStart(26, '0')}`
  return anAccount({
    rentalId: rentalIdSchema.parse(`sublet-${String(index).padStart(26, '0')}`),
    providerId: some.provider,
    launchedAt,
    goneAt: some.open ? null : goneAt,
    receipt: some.open ? null : aReceipt({ billedMicros: some.micros, confirmedAt: goneAt }),
    offer: anOffer({ providerId: some.provider, simulated: some.provider === 'sandbox' }),
    allocations: [
      { jobId, jobName: `job ${some.job}`, project: some.project, from: launchedAt, to: usedUntil },
    ],
    useful: [{ jobId, from: launchedAt + 30_000, to: usedUntil }],
  })
}
