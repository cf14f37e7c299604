import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './checkbox.module.css'

export interface CheckboxProps {
  readonly label: ReactNode
  readonly hint?: ReactNode
  readonly checked: boolean
  readonly onChecked: (checked: boolean) => void
  readonly disabled?: boolean
}

/** A yes or no with its words beside it; the words are part of the target. */
export function Checkbox({ label, hint, checked, onChecked, disabled = false }: CheckboxProps) {
  return (
    <label className={styles['row']}>
      <Base.Root
        className={styles['box']}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChecked}
      >
        <Base.Indicator className={styles['mark']}>
          <Check size={12} strokeWidth={3} />
        </Base.Indicator>
      </Base.Root>
      <span>
        {label}
        {hint === undefined ? null : <span className={styles['hint']}>{hint}</span>}
      </span>
    </label>
  )
}
