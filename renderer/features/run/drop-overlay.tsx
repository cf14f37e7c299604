import { formatBytes } from '../../../main/domain/format.ts'
import { Button } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import styles from './drop-overlay.module.css'
import { useRun, useRunParts } from './run-context.ts'

/** Says that the whole window takes a drop, and how far a copy is. */
export function DropOverlay({ hovering }: { readonly hovering: boolean }) {
  const { store } = useRunParts()
  const taking = useRun((state) => state.taking)
  if (hovering) {
    return (
      <div className={styles['overlay']} aria-hidden>
        <p className={styles['words']}>Drop a script, folder, notebook, data or sublet.yaml</p>
      </div>
    )
  }
  if (taking.kind !== 'copying') return null
  const { bytes, totalBytes } = taking
  return (
    <div className={styles['copying']} role="status">
      <span>
        Copying what you dropped: {formatBytes(bytes)} of {formatBytes(totalBytes)}
      </span>
      <ProgressBar fraction={totalBytes === 0 ? 1 : bytes / totalBytes} label="Copied" />
      <Button onClick={() => store.cancelTaking()}>Cancel</Button>
    </div>
  )
}
