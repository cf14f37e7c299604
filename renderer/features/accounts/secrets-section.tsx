import { useRef, useState, type ReactNode, type SyntheticEvent } from 'react'
import { formatTime } from '../../../main/domain/format.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import table from '../../ui/data-table.module.css'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { SecretField, takeSecret } from '../../ui/secret-field.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import type { AccountsData, AccountsStore } from './accounts-store.ts'
import styles from './accounts.module.css'
import { secretNameProblem } from './form-checks.ts'

export interface SecretsSectionProps {
  readonly store: AccountsStore
  readonly data: AccountsData
  /** What was done here last, in a live region. */
  readonly said: ReactNode
  readonly onDone: (sentence: string) => void
}

/** Secrets that jobs may see by name. Values go in and are never shown again. */
export function SecretsSection({ store, data, said, onDone }: SecretsSectionProps) {
  const [removing, setRemoving] = useState<string | null>(null)
  const { secrets } = data
  return (
    <Section
      title="Job secrets"
      detail={
        data.keychain.kind === 'keychain'
          ? 'kept in the keychain of this computer'
          : 'kept in memory, this session only'
      }
    >
      {said}
      <p className={styles['quiet']}>
        Jobs see them as variables, by name (HF_TOKEN, WANDB_API_KEY). They travel over SSH when the
        job starts and are masked in logs.
      </p>
      {secrets.length === 0 ? null : (
        <table className={table['table']} aria-label="Job secrets">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Set</th>
              <th scope="col">Kept in</th>
              <th scope="col" aria-label="Actions" />
            </tr>
          </thead>
          <tbody>
            {secrets.map((secret) => (
              <tr key={secret.name}>
                <td className={styles['mono']}>{secret.name}</td>
                <td>{formatTime(secret.setAt)}</td>
                <td>
                  {secret.keptIn === 'keychain' ? 'the keychain' : 'memory, this session only'}
                </td>
                <td className={table['act']}>
                  <Button
                    look="quiet"
                    aria-label={`Remove ${secret.name}`}
                    onClick={() => setRemoving(secret.name)}
                  >
                    Remove
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <SetSecret store={store} known={secrets.map((one) => one.name)} onDone={onDone} />
      <Confirm
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove ${removing ?? ''}?`}
        action="Remove"
        danger
        onConfirm={async () => {
          if (removing !== null) await store.removeSecret(removing)
        }}
      >
        Jobs that ask for it will not start until it is set again.
      </Confirm>
    </Section>
  )
}

function SetSecret({
  store,
  known,
  onDone,
}: {
  readonly store: AccountsStore
  readonly known: readonly string[]
  readonly onDone: (sentence: string) => void
}) {
  const [name, setName] = useState('')
  const [nameProblem, setNameProblem] = useState<string | null>(null)
  const [valueProblem, setValueProblem] = useState<string | null>(null)
  const { busy, problem: refusal, setProblem: setRefusal, attempt } = useAttempt()
  const value = useRef<HTMLInputElement>(null)
  const submit = async (): Promise<void> => {
    const wrongName = secretNameProblem(name)
    const empty = (value.current?.value ?? '') === ''
    setNameProblem(wrongName)
    setValueProblem(empty ? 'Paste the value of the secret.' : null)
    setRefusal(null)
    if (wrongName !== null || empty) return
    await attempt(async () => {
      await store.setSecret(name, takeSecret(value))
      setName('')
      onDone(`${name} is stored. Its value is not shown again.`)
    })
  }
  return (
    <form
      noValidate
      className={styles['secretForm']}
      aria-label="Set a secret"
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault()
        if (!busy) void submit()
      }}
    >
      <TextField
        label="Name of the secret"
        mono
        placeholder="HF_TOKEN"
        value={name}
        error={nameProblem}
        hint={known.includes(name) ? 'Replaces the value that is stored.' : undefined}
        onValue={(next) => {
          setName(next)
          setNameProblem(null)
        }}
      />
      <SecretField
        label="Value"
        inputRef={value}
        error={valueProblem}
        onTouched={() => setValueProblem(null)}
      />
      <div className={styles['atField']}>
        <Button type="submit" busy={busy}>
          {known.includes(name) ? 'Replace' : 'Store'}
        </Button>
      </div>
      {refusal === null ? null : (
        <div className={styles['full']}>
          <ErrorNotice sentence={refusal} />
        </div>
      )}
    </form>
  )
}
