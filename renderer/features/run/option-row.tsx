import type { RunOption } from '../../../preload/contract/proposal.ts'
import { formatDuration, formatMicros, formatMicrosPerHour } from '../../../main/domain/format.ts'
import { Dot, Tag } from '../../ui/tag.tsx'
import { Age } from '../../ui/time.tsx'
import type { CostScale } from './cost-scale.ts'
import styles from './option-row.module.css'

export interface OptionRowProps {
  readonly option: RunOption
  readonly scale: CostScale
  readonly chosen: boolean
  readonly isWarm: boolean
  readonly providerName: string
  readonly onChoose: () => void
}

/** One way to run it: what it is, whether it stops by itself, and the range of what finishing costs. */
export function OptionRow({
  option,
  scale,
  chosen,
  isWarm,
  providerName,
  onChoose,
}: OptionRowProps) {
  const { offer, estimate, stopsByItself, stopsBecause } = option
  const { lowMicros, expectedMicros, highMicros } = estimate
  const left = scale.at(lowMicros)
  const range = `${formatMicros(lowMicros)} to ${formatMicros(highMicros)}`
  return (
    <label
      className={chosen ? styles['on'] : styles['row']}
      title={`${offer.machineType}. ${stopsBecause} Finishing costs ${range}.`}
    >
      <input
        type="radio"
        name="offer"
        className={styles['radio']}
        checked={chosen}
        onChange={onChoose}
      />
      <span className={styles['dot']}>
        <Dot tone={stopsByItself ? 'good' : 'bad'} />
      </span>
      <span className={styles['what']}>
        <span className={styles['title']}>
          <b>{machineName(option)}</b>
          {offer.spot ? <Tag tone="burn">spot</Tag> : null}
          {isWarm ? <Tag tone="good">still warm</Tag> : null}
          {offer.simulated ? <Tag>simulated</Tag> : null}
          {stopsByItself ? null : <Tag tone="bad">does not stop by itself</Tag>}
        </span>
        <span className={styles['sub']}>
          {[plainName(providerName), offer.region, formatMicrosPerHour(offer.microsPerHour)]
            .filter((part) => part !== '')
            .join(' · ')}
          {offer.reliability === undefined
            ? ''
            : ` · ${Math.round(offer.reliability * 1_000) / 10} % reliable`}
          {' · '}
          {offer.source === 'own' ? 'your own rate' : <Age at={offer.fetchedAt} />}
        </span>
      </span>
      <span className={styles['range']} role="img" aria-label={`Finishing costs ${range}`}>
        <i style={{ left: `${left}%`, width: `${Math.max(1, scale.at(highMicros) - left)}%` }} />
        <u style={{ left: `calc(${scale.at(expectedMicros)}% - 1px)` }} />
      </span>
      <span className={styles['cost']}>
        <b>{formatMicros(expectedMicros)}</b>
        <span className={styles['sub']}>{formatDuration(estimate.expectedDurationMs)}</span>
      </span>
    </label>
  )
}

/** `2× H100 80 GB`, `8 CPUs, 32 GB`. */
function machineName({ offer }: RunOption): string {
  const { gpu, vcpus, memoryGiB } = offer
  if (gpu === null) return `${vcpus ?? '?'} CPUs, ${memoryGiB ?? '?'} GB`
  const count = gpu.count === 1 ? '' : `${gpu.count}× `
  return `${count}${gpu.name} ${gpu.vramGiB} GB`
}

/** The tag beside it says that it is simulated. */
function plainName(provider: string): string {
  return provider.replace(/ \(simulated\)$/, '')
}
