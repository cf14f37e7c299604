import { z } from 'zod'
import type { SettingDeclarations } from './declaration.ts'

/** How money is booked. */
export const bookSettings = {
  reportingZone: {
    label: 'Time zone of the books',
    help: 'Where days and months of Spend begin. Entries that are already closed keep their days.',
    group: 'Books',
    shown: { kind: 'zone' },
    words: 'timezone reporting month day ledger spend',
    schema: z
      .string()
      .refine(isZone, 'is not a time zone such as Europe/Berlin')
      .default(() => new Intl.DateTimeFormat().resolvedOptions().timeZone),
  },
} as const satisfies SettingDeclarations

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false // Intl's only way to say that it does not know the zone.
  }
}
