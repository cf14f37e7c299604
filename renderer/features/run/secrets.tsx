import { useEffect, useState } from 'react'
import { toSubletError } from '../../../main/domain/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './fields.module.css'
import { useRun, useRunParts } from './run-context.ts'

/** Secrets of the keychain that the job sees as variables. A new one goes there at once. */
export function Secrets() {
  const { store } = useRunParts()
  const chosen = useRun((state) => state.draft.secrets)
  const known = useRun((state) => state.secretNames)
  const problem = useRun((state) => state.secretsProblem)
  useEffect(() => void store.loadSecrets(), [store])
  const names = [...new Set([...(known ?? []), ...chosen])].sort()
  return (
    <fieldset className={styles['checks']}>
      <legend className={styles['sub']}>Secrets from the keychain</legend>
      {problem === null ? null : (
        <ErrorNotice sentence={problem} onRetry={() => void store.loadSecrets()} />
      )}
      {names.map((name) => (
        <Checkbox
          key={name}
          label={name}
          hint={
            known !== null && !known.includes(name) ? 'It is not in the keychain yet.' : undefined
          }
          checked={chosen.includes(name)}
          onChecked={(yes) =>
            store.edit({
              secrets: yes ? [...chosen, name] : chosen.filter((one) => one !== name),
            })
          }
        />
      ))}
      <NewSecret />
    </fieldset>
  )
}

function NewSecret() {
  const { store } = useRunParts()
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
  const add = async (): Promise<void> => {
    setBusy(true)
    try {
      await store.addSecret(name, value)
      setName('')
      setProblem(null)
    } catch (thrown) {
      setProblem(toSubletError(thrown).message)
    } finally {
      // Whether it went into the keychain or not, it does not stay here.
      setValue('')
      setBusy(false)
    }
  }
  return (
    <form
      className={styles['variable']}
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
    >
      <TextField
        label="Name of a new secret"
        hideLabel
        mono
        placeholder="HF_TOKEN"
        value={name}
        error={
          problem ??
          (name === '' || isName ? null : 'Use letters, digits and _, not starting with a digit.')
        }
        onValue={setName}
      />
      <TextField
        label="Value of the new secret"
        hideLabel
        mono
        type="password"
        autoComplete="new-password"
        placeholder="value, kept in the keychain"
        value={value}
        onValue={setValue}
      />
      <Button type="submit" busy={busy} disabled={!isName || value === ''}>
        Add a secret
      </Button>
    </form>
  )
}
