import styles from './speed-slider.module.css'
import { useRun, useRunParts } from './run-context.ts'

const words = ['the cheapest', 'rather cheap', 'both alike', 'rather fast', 'the fastest']

/** Weighs what finishing costs against how long it takes; the job keeps to it when it fails over. */
export function SpeedSlider() {
  const { store } = useRunParts()
  const preferFast = useRun((state) => state.draft.preferFast)
  const step = Math.round(preferFast * 4)
  return (
    <label className={styles['slider']}>
      <span>cheapest</span>
      <input
        type="range"
        min={0}
        max={4}
        step={1}
        value={step}
        aria-label="Cheapest or fastest"
        aria-valuetext={words[step] ?? ''}
        onChange={(event) =>
          store.edit({ preferFast: Number(event.currentTarget.value) / 4, wantedOfferId: '' })
        }
      />
      <span>fastest</span>
    </label>
  )
}
