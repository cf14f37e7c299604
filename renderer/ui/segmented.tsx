import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import styles from './segmented.module.css'

export interface SegmentedProps<V extends string> {
  readonly label: string
  readonly value: V
  readonly options: readonly { readonly value: V; readonly label: string }[]
  readonly onValue: (value: V) => void
}

/** One of two to five, all in sight. */
export function Segmented<V extends string>({ label, value, options, onValue }: SegmentedProps<V>) {
  return (
    <ToggleGroup
      aria-label={label}
      className={styles['group']}
      value={[value]}
      onValueChange={([next]) => {
        const chosen = options.find((option) => option.value === next)
        if (chosen !== undefined) onValue(chosen.value)
      }}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} className={styles['item']}>
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
