import { Autocomplete } from '@base-ui/react/autocomplete'
import type { ReactNode } from 'react'
import fieldStyles from './field.module.css'
import { Field } from './field.tsx'
import popup from './popup.module.css'

export interface SuggestFieldProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | null
  readonly placeholder?: string
  readonly value: string
  readonly onValue: (value: string) => void
  /** What is offered while typing; anything else may be typed too. */
  readonly suggestions: readonly string[]
}

/** One line of text that offers what is known. */
export function SuggestField(props: SuggestFieldProps) {
  const { label, hint, error = null, placeholder, value, onValue, suggestions } = props
  return (
    <Field label={label} hint={hint} error={error}>
      {(parts) => (
        <Autocomplete.Root
          items={suggestions}
          value={value}
          onValueChange={(next) => onValue(next)}
          openOnInputClick
        >
          <Autocomplete.Input
            {...parts}
            className={fieldStyles['input']}
            placeholder={placeholder}
            spellCheck={false}
          />
          <Autocomplete.Portal>
            <Autocomplete.Positioner className={popup['positioner']} sideOffset={4}>
              <Autocomplete.Popup className={popup['popup']} aria-label={`${label}: suggestions`}>
                <Autocomplete.List>
                  {(item: string) => (
                    <Autocomplete.Item key={item} value={item} className={popup['item']}>
                      {item}
                    </Autocomplete.Item>
                  )}
                </Autocomplete.List>
              </Autocomplete.Popup>
            </Autocomplete.Positioner>
          </Autocomplete.Portal>
        </Autocomplete.Root>
      )}
    </Field>
  )
}
