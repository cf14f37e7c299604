import { SlidersHorizontal } from 'lucide-react'
import { useStore } from 'zustand'
import { IconButton } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Popover } from '../../ui/popover.tsx'
import type { LogStore } from './log-store.ts'
import styles from './log-view.module.css'

/** What each line shows: its time, its number, and whether it is wrapped. */
export function LineLook({ log }: { readonly log: LogStore }) {
  const wrapped = useStore(log, (state) => state.wrapped)
  const times = useStore(log, (state) => state.times)
  const numbers = useStore(log, (state) => state.numbers)
  return (
    <Popover
      title="What lines show"
      trigger={<IconButton label="What lines show" icon={<SlidersHorizontal />} />}
    >
      <div className={styles['looks']}>
        <Checkbox label="Times" checked={times} onChecked={(next) => log.set({ times: next })} />
        <Checkbox
          label="Line numbers"
          checked={numbers}
          onChecked={(next) => log.set({ numbers: next })}
        />
        <Checkbox
          label="Wrap long lines"
          checked={wrapped}
          onChecked={(next) => log.set({ wrapped: next })}
        />
      </div>
    </Popover>
  )
}
