import type { RentalEventOf } from '../domain/rental/events.ts'

/** Another end of a machine; `because` names the budget that sets it, null when none does. */
export function leaseMoved(endBy: number, because: string | null): RentalEventOf<'lease-moved'> {
  return { kind: 'lease-moved', endBy, ...(because === null ? {} : { because }) }
}
