import type { RentalEventOf } from '../../main/domain/rental/events.ts'
import { micros, now, offer } from './fake-facts.ts'

/** The first event of a rental on the sandbox; ends an hour from the tests' present unless told. */
export function intended(endBy: number = now + 3_600_000): RentalEventOf<'intended'> {
  return {
    kind: 'intended',
    offer,
    accountId: 'sandbox',
    homeId: 'home',
    environment: { kind: 'machine' },
    diskGiB: 1,
    endBy,
    maxMicrosPerHour: micros(1),
    estimateMicros: micros(1),
  }
}
