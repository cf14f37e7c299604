import type { ComponentProps, ReactNode } from 'react'
import { Field } from './field.tsx'
import styles from './field.module.css'

interface Common {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | null
  readonly hideLabel?: boolean
  readonly mono?: boolean
  readonly value: string
  readonly onValue: (value: string) => void
}

export type TextFieldProps = Common &
  Omit<ComponentProps<'input'>, keyof Common | 'onChange' | 'className' | 'id'>

/** One line of text with its label. */
export function TextField(props: TextFieldProps) {
  const { label, hint, error = null, hideLabel = false, mono = false, onValue, ...rest } = props
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel}>
      {(parts) => (
        <input
          spellCheck={false}
          autoComplete="off"
          {...rest}
          {...parts}
          className={`${styles['input']} ${mono ? styles['mono'] : ''}`}
          onChange={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

export type TextAreaProps = Common &
  Omit<ComponentProps<'textarea'>, keyof Common | 'onChange' | 'className' | 'id'>

/** Several lines of text with their label. */
export function TextArea(props: TextAreaProps) {
  const { label, hint, error = null, hideLabel = false, mono = false, onValue, ...rest } = props
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel}>
      {(parts) => (
        <textarea
          spellCheck={false}
          rows={3}
          {...rest}
          {...parts}
          className={`${styles['input']} ${mono ? styles['mono'] : ''}`}
          onChange={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
