import { createRef, useMemo, useRef, useState, type ReactNode, type SyntheticEvent } from 'react'
import { toSubletError } from '../../../main/domain/errors.ts'
import { focusFirstWrong } from '../../ui/focus-first-wrong.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { SecretField, takeSecret } from '../../ui/secret-field.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { AccountField } from './accounts-store.ts'
import styles from './accounts.module.css'
import { formProblems } from './form-checks.ts'
import { OutsideLink } from './outside-link.tsx'

export interface AccountFormProps {
  readonly fields: readonly AccountField[]
  /** The words of the button: it checks first and keeps only what works. */
  readonly action: string
  readonly onSubmit: (values: Readonly<Record<string, string>>) => Promise<void>
  readonly onCancel: () => void
  /** Further controls before the fields. */
  readonly children?: ReactNode
}

/**
 * A provider's form, drawn from its declared fields alone. What is secret goes into one call; then
 * its field is empty, whatever the answer.
 */
export function AccountForm({ fields, action, onSubmit, onCancel, children }: AccountFormProps) {
  const [plain, setPlain] = useState<Readonly<Record<string, string>>>({})
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const secrets = useMemo(
    () =>
      new Map(
        fields.flatMap((one) => (one.secret ? [[one.name, createRef<HTMLInputElement>()]] : [])),
      ),
    [fields],
  )
  const form = useRef<HTMLFormElement>(null)
  const forget = (name: string): void => {
    setProblems(({ [name]: _gone, ...rest }) => rest)
    setRefusal(null)
  }
  const submit = async (): Promise<void> => {
    const values = { ...plain }
    for (const [name, ref] of secrets) values[name] = ref.current?.value ?? ''
    const found = formProblems(fields, values)
    setRefusal(null)
    if (Object.keys(found).length > 0) {
      focusFirstWrong(form, () => setProblems(found))
      return
    }
    setProblems({})
    setBusy(true)
    for (const ref of secrets.values()) takeSecret(ref)
    try {
      await onSubmit(values)
    } catch (thrown) {
      setRefusal(toSubletError(thrown).message)
      const first = [...secrets.values()][0]
      first?.current?.focus()
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      ref={form}
      noValidate
      className={styles['panel']}
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault()
        if (!busy) void submit()
      }}
    >
      {children}
      <div className={styles['fields']}>
        {fields.map((field) => {
          const common = {
            label: field.label,
            hint: <FieldHelp field={field} />,
            error: problems[field.name] ?? null,
            placeholder: field.placeholder ?? '',
          }
          const ref = secrets.get(field.name)
          return (
            <div key={field.name} className={ref === undefined ? '' : styles['full']}>
              {ref === undefined ? (
                <TextField
                  {...common}
                  value={plain[field.name] ?? ''}
                  onValue={(value) => {
                    setPlain({ ...plain, [field.name]: value })
                    forget(field.name)
                  }}
                />
              ) : (
                <SecretField {...common} inputRef={ref} onTouched={() => forget(field.name)} />
              )}
            </div>
          )
        })}
      </div>
      {refusal === null ? null : <ErrorNotice sentence={refusal} />}
      <div className={styles['foot']}>
        <Button type="submit" look="primary" busy={busy}>
          {busy ? 'Checking…' : action}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
        <span className={styles['dim']}>Asks the provider first; keeps only what works.</span>
      </div>
    </form>
  )
}

function FieldHelp({ field }: { readonly field: AccountField }) {
  return (
    <>
      {field.help}
      {field.link === null ? null : (
        <>
          {' '}
          <OutsideLink href={field.link}>Make one</OutsideLink>
        </>
      )}
    </>
  )
}
