import type { Estimate } from '../../../preload/contract/estimate.ts'
import { formatMicros } from '../../../main/domain/format.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import styles from './reckoning.module.css'

const partNames = { compute: 'machine', storage: 'disk', egress: 'traffic' } as const

/** What the estimate of the chosen offer is made of and rests on. */
export function Reckoning({ estimate }: { readonly estimate: Estimate }) {
  const { lowMicros, expectedMicros, highMicros, parts, reasons } = estimate
  const range = `${formatMicros(lowMicros)} to ${formatMicros(highMicros)}`
  return (
    <Disclosure
      title="How this is reckoned"
      summary={`about ${formatMicros(expectedMicros)}, from ${range}`}
    >
      <ul className={styles['list']}>
        {parts.map(({ part, micros, because }) => (
          <li key={part}>
            {formatMicros(micros)} {partNames[part]}: {because}
          </li>
        ))}
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </Disclosure>
  )
}
