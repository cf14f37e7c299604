import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Field } from './field.tsx'
import popup from './popup.module.css'
import styles from './select.module.css'

export interface Option<V extends string> {
  readonly value: V
  readonly label: string
  readonly detail?: string
}

export interface SelectProps<V extends string> {
  readonly label: string
  readonly hint?: ReactNode
  readonly hideLabel?: boolean
  readonly value: V
  readonly options: readonly Option<V>[]
  readonly onValue: (value: V) => void
  readonly disabled?: boolean
}

/** One of a few choices. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, hint, hideLabel = false, value, options, onValue, disabled = false } = props
  const items = Object.fromEntries(options.map((option) => [option.value, option.label]))
  return (
    <Field label={label} hint={hint} hideLabel={hideLabel}>
      {(parts) => (
        <Base.Root
          items={items}
          value={value}
          disabled={disabled}
          onValueChange={(next) => {
            if (next !== null) onValue(next)
          }}
        >
          <Base.Trigger {...parts} aria-label={label} className={styles['trigger']}>
            <Base.Value />
            <Base.Icon className={styles['icon']}>
              <ChevronDown size={14} />
            </Base.Icon>
          </Base.Trigger>
          <Base.Portal>
            <Base.Positioner
              className={popup['positioner']}
              sideOffset={4}
              alignItemWithTrigger={false}
            >
              <Base.Popup className={popup['popup']}>
                {options.map((option) => (
                  <Base.Item key={option.value} value={option.value} className={popup['item']}>
                    <Base.ItemIndicator className={styles['tick']}>
                      <Check size={14} />
                    </Base.ItemIndicator>
                    <Base.ItemText className={styles['text']}>{option.label}</Base.ItemText>
                    {option.detail === undefined ? null : (
                      <span className={popup['detail']}>{option.detail}</span>
                    )}
                  </Base.Item>
                ))}
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </Base.Root>
      )}
    </Field>
  )
}
