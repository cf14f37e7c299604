import { formatDuration, formatMicros, formatTime } from '../../domain/format.ts'
import type { Api } from '../api.ts'
import { inertLine } from '../format/inert.ts'

type Rental = Awaited<ReturnType<Api['ledger']['receipts']>>['rentals'][number]
type Receipt = Rental['receipts'][number]

/** Each machine, and below it every receipt with its evidence; or that there is none yet. */
export function receiptLines(rentals: readonly Rental[], now: number): string[] {
  return rentals.flatMap((rental, index) => {
    const { rentalId, machine, receipts, releasing, micros, simulated } = rental
    const note = simulated ? ' (simulated)' : ''
    const last = receipts.length - 1
    return [
      ...(index === 0 ? [] : ['']),
      `${rentalId}  ${inertLine(machine)}, ${formatMicros(micros)}${note}`,
      ...receipts.flatMap((receipt, at) => [
        ...proofLines(receipt),
        ...(at < last || releasing !== null ? ['After that it was listed again.'] : []),
      ]),
      ...(releasing === null
        ? receipts.length === 0
          ? ['It has no receipt: it is rented.']
          : []
        : [
            `NOT PROVEN GONE: being released since ${formatTime(releasing.since, { near: now })}. ${inertLine(releasing.sentence)}`,
          ]),
    ]
  })
}

function proofLines(receipt: Receipt): string[] {
  const { confirmedAt, instanceId, billedFrom, billedTo, billedMicros, evidence } = receipt
  const amount = billedMicros === null ? '' : ` ${formatMicros(billedMicros)}`
  const time =
    billedFrom === null || billedTo === null ? '' : ` for ${formatDuration(billedTo - billedFrom)}`
  const billed = amount === '' && time === '' ? '' : ` Billed${amount}${time}.`
  return [
    `Confirmed gone ${formatTime(confirmedAt, { seconds: true })}: ${instanceId === null ? 'it never started' : inertLine(instanceId)}.${billed}`,
    ...evidence.map(
      ({ asked, answered, at }) =>
        `  ${formatTime(at, { near: confirmedAt, seconds: true })}  ${inertLine(asked)}  →  ${inertLine(answered)}`,
    ),
  ]
}
