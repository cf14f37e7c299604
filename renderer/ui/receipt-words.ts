import type { Receipt } from '../../preload/contract/rental.ts'
import { formatTime } from '../../main/domain/format.ts'

/** `Machine gone, confirmed by Sandbox at 18:05:12 UTC+1.` */
export function receiptWords(receipt: Receipt, machine: string | null, now: number): string {
  const at = formatTime(receipt.confirmedAt, { near: now, seconds: true })
  return `Machine gone, confirmed by ${providerIn(machine) ?? receipt.providerId} at ${at}.`
}

/** The provider's name out of `RTX 4090 · Sandbox, eu-central`. */
function providerIn(machine: string | null): string | null {
  return machine?.split(' · ')[1]?.split(',')[0] ?? null
}
