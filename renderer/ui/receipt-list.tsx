import type { Receipt } from '../../preload/contract/rental.ts'
import { formatDuration, formatMicros } from '../../main/domain/format.ts'
import { CopyButton } from './copy-button.tsx'
import { useNow } from './now.ts'
import { ClockTime } from './time.tsx'
import facts from './facts.module.css'
import { receiptWords } from './receipt-words.ts'

/** The providers' own proofs, with what was asked and answered. */
export function ReceiptList({
  receipts,
  machine,
}: {
  readonly receipts: readonly Receipt[]
  readonly machine: string | null
}) {
  const now = useNow()
  return (
    <ul className={facts['parts']}>
      {receipts.map((receipt) => (
        <li key={`${receipt.rentalId} ${receipt.confirmedAt}`} className={facts['parts']}>
          <p>
            {receiptWords(receipt, machine, now)} {billedWords(receipt)}
          </p>
          <dl className={facts['facts']}>
            <dt>Machine</dt>
            <dd>
              <code>{receipt.instanceId ?? 'never launched'}</code>, <code>{receipt.rentalId}</code>{' '}
              <CopyButton text={JSON.stringify(receipt, null, 2)} label="Copy the receipt" />
            </dd>
            {receipt.evidence.map(({ asked, answered, at }) => (
              <div key={`${at}-${asked}-${answered}`} style={{ display: 'contents' }}>
                <dt>
                  <ClockTime at={at} seconds />
                </dt>
                <dd>
                  <code>{asked}</code> <span className={facts['dim']}>{answered}</span>
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}

function billedWords({ billedFrom, billedTo, billedMicros }: Receipt): string {
  const time =
    billedFrom === null || billedTo === null
      ? ''
      : ` for ${formatDuration(billedTo - billedFrom)} by its own meter`
  return billedMicros === null ? '' : `Billed ${formatMicros(billedMicros)}${time}.`
}
