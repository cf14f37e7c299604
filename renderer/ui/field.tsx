import { useId, type ReactNode } from 'react'
import styles from './field.module.css'

export interface FieldParts {
  readonly id: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
}

export interface FieldProps {
  readonly label: string
  /** One line below the control: a unit, an example. */
  readonly hint?: ReactNode
  /** What is wrong and what to write instead; takes the hint's place. */
  readonly error?: string | null
  readonly hideLabel?: boolean
  readonly children: (parts: FieldParts) => ReactNode
}

/** A label, its control, and one line of hint or error tied to it. */
export function Field({ label, hint, error = null, hideLabel = false, children }: FieldProps) {
  const id = useId()
  const note = error ?? hint
  const parts: FieldParts = {
    id,
    ...(note === undefined || note === null ? {} : { 'aria-describedby': `${id}-note` }),
    ...(error === null ? {} : { 'aria-invalid': true }),
  }
  return (
    <div className={styles['field']}>
      <label htmlFor={id} className={hideLabel ? styles['hidden'] : styles['label']}>
        {label}
      </label>
      {children(parts)}
      {note === undefined || note === null ? null : (
        <div
          id={`${id}-note`}
          className={error === null ? styles['hint'] : styles['error']}
          role={error === null ? undefined : 'alert'}
        >
          {note}
        </div>
      )}
    </div>
  )
}
