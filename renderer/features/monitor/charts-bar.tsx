import { ChartLine, Pause, Play, Table2 } from 'lucide-react'
import { useStore } from 'zustand'
import { Button, IconButton } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import styles from './charts-panel.module.css'
import type { MonitorStore, RangeWord } from './monitor-store.ts'

const options: readonly { readonly value: RangeWord; readonly label: string }[] = [
  { value: '5m', label: '5 min' },
  { value: '1h', label: '1 h' },
  { value: '6h', label: '6 h' },
  { value: 'all', label: 'All' },
]

/** Range, pause, and the figures as a table. */
export function ChartsBar({
  store,
  live,
  asTable,
  onTable,
}: {
  readonly store: MonitorStore
  readonly live: boolean
  readonly asTable: boolean
  readonly onTable: (asTable: boolean) => void
}) {
  const range = useStore(store, (state) => state.range)
  const before = useStore(store, (state) => state.before)
  const paused = useStore(store, (state) => state.paused)
  const zoomed = typeof range !== 'string'
  return (
    <div className={styles['bar']}>
      <Segmented
        label="Range"
        value={zoomed ? before : range}
        options={options}
        onValue={(value) => store.setRange(value)}
      />
      {zoomed ? (
        <Button look="quiet" onClick={() => store.zoomOut()}>
          Zoom out
        </Button>
      ) : null}
      <span className={styles['push']} />
      {live ? (
        <IconButton
          label={paused ? 'Go on with the charts' : 'Pause the charts'}
          icon={paused ? <Play /> : <Pause />}
          aria-pressed={paused}
          onClick={() => store.setPaused(!paused)}
        />
      ) : null}
      <IconButton
        label={asTable ? 'Show as charts' : 'Show as a table'}
        icon={asTable ? <ChartLine /> : <Table2 />}
        onClick={() => onTable(!asTable)}
      />
    </div>
  )
}
