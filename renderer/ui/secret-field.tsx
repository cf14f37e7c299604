import { Eye, EyeOff } from 'lucide-react'
import { useState, type ReactNode, type RefObject } from 'react'
import { IconButton } from './button.tsx'
import { Field } from './field.tsx'
import field from './field.module.css'
import styles from './secret-field.module.css'

export interface SecretFieldProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | null
  readonly placeholder?: string
  readonly required?: boolean
  /** Read the value from it once, for one call, and empty it then. */
  readonly inputRef: RefObject<HTMLInputElement | null>
  /** Something was typed or pasted; what it is, stays in the field. */
  readonly onTouched?: () => void
}

/**
 * A value that nobody may see. React never holds it: a controlled input would write it into the
 * page's attributes, where extensions and tests read it.
 */
export function SecretField(props: SecretFieldProps) {
  const { label, hint, error = null, placeholder, required = false, inputRef, onTouched } = props
  const [shown, setShown] = useState(false)
  return (
    <Field label={label} hint={hint} error={error}>
      {(parts) => (
        <div className={styles['row']}>
          <input
            {...parts}
            ref={inputRef}
            type={shown ? 'text' : 'password'}
            className={`${field['input']} ${field['mono']}`}
            placeholder={placeholder}
            required={required}
            spellCheck={false}
            autoComplete="new-password"
            autoCapitalize="none"
            onInput={onTouched}
          />
          <span className={styles['eye']}>
            <IconButton
              label={shown ? `Hide the ${label}` : `Show the ${label} while I type`}
              icon={shown ? <EyeOff /> : <Eye />}
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            />
          </span>
        </div>
      )}
    </Field>
  )
}

/** The value of a secret field, which is empty from now on. */
export function takeSecret(inputRef: RefObject<HTMLInputElement | null>): string {
  const input = inputRef.current
  if (input === null) return ''
  const { value } = input
  input.value = ''
  return value
}
