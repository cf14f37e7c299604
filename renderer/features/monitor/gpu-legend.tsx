import { useStore } from 'zustand'
import { looks } from '../../ui/live-chart/chart-types.ts'
import styles from './gpu-legend.module.css'
import type { MonitorStore } from './monitor-store.ts'

/** Which line is which GPU; a click takes one out of all charts and back in. */
export function GpuLegend({ store }: { readonly store: MonitorStore }) {
  const gpus = useStore(store, (state) => state.gpus)
  const hidden = useStore(store, (state) => state.hiddenGpus)
  return (
    <div className={styles['legend']} role="group" aria-label="GPUs shown">
      <span aria-hidden>GPU</span>
      {gpus.map((gpu, place) => (
        <button
          key={gpu}
          type="button"
          className={styles['item']}
          data-look={place % looks}
          aria-label={`GPU ${gpu}`}
          aria-pressed={!hidden.has(gpu)}
          onClick={() => store.toggleGpu(gpu)}
        >
          <i aria-hidden />
          {gpu}
        </button>
      ))}
    </div>
  )
}
