import { useRef, useState, type SyntheticEvent } from 'react'
import { toSubletError } from '../../../main/domain/errors.ts'
import { parseUsd } from '../../../main/domain/usd.ts'
import { focusFirstWrong } from '../../ui/focus-first-wrong.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import type { AccountsStore, HostDraft, HostScan } from './accounts-store.ts'
import styles from './accounts.module.css'
import { hostNameProblem } from './form-checks.ts'
import { KeyFileField } from './key-file-field.tsx'
import { TrustDialog } from './trust-dialog.tsx'

export interface HostFormProps {
  readonly store: AccountsStore
  readonly taken: readonly string[]
  readonly onDone: (sentence: string) => void
  readonly onCancel: () => void
}

/** A machine of the user's own: its key is shown and trusted before anything logs in. */
export function HostForm({ store, taken, onDone, onCancel }: HostFormProps) {
  const [name, setName] = useState('')
  const [target, setTarget] = useState('')
  const [keyFile, setKeyFile] = useState('')
  const [rate, setRate] = useState('')
  const [problems, setProblems] = useState<Readonly<Record<string, string | null>>>({})
  const { busy, problem: refusal, setProblem: setRefusal, attempt } = useAttempt()
  const [found, setFound] = useState<{ readonly draft: HostDraft; readonly scan: HostScan } | null>(
    null,
  )
  const form = useRef<HTMLFormElement>(null)
  const scan = async (): Promise<void> => {
    const wrong = {
      name: hostNameProblem(name, taken),
      target: target.trim() === '' ? 'Where is it? For example ada@lab.example.org' : null,
      rate: rateProblem(rate),
    }
    setRefusal(null)
    if (Object.values(wrong).some((one) => one !== null)) {
      focusFirstWrong(form, () => setProblems(wrong))
      return
    }
    const draft: HostDraft = {
      name,
      target: target.trim(),
      keyFile: keyFile.trim() === '' ? null : keyFile.trim(),
      rateMicrosPerHour: rate.trim() === '' ? null : readRate(rate),
    }
    await attempt(async () => {
      setFound({ draft, scan: await store.scanHost(draft.target, draft.keyFile) })
    })
  }
  const edited = (key: string, set: (value: string) => void) => (value: string) => {
    set(value)
    setProblems({ ...problems, [key]: null })
    setRefusal(null)
  }
  return (
    <form
      ref={form}
      noValidate
      className={styles['panel']}
      aria-label="Add a host"
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault()
        if (!busy) void scan()
      }}
    >
      <p className={styles['panelTitle']}>Add a host</p>
      <div className={styles['fields']}>
        <TextField
          label="Name of the host"
          hint="What you call it."
          placeholder="lab"
          value={name}
          error={problems['name'] ?? null}
          onValue={edited('name', setName)}
        />
        <TextField
          label="Address"
          hint="user@host:port, or an alias of your ~/.ssh/config."
          placeholder="ada@lab.example.org"
          value={target}
          error={problems['target'] ?? null}
          onValue={edited('target', setTarget)}
        />
        <KeyFileField value={keyFile} onValue={edited('keyFile', setKeyFile)} />
        <TextField
          label="What an hour costs, in USD"
          hint="For the books, if it costs you anything. Otherwise leave it empty."
          placeholder="0.40"
          inputMode="decimal"
          value={rate}
          error={problems['rate'] ?? null}
          onValue={edited('rate', setRate)}
        />
      </div>
      {refusal === null ? null : <ErrorNotice sentence={refusal} />}
      <div className={styles['foot']}>
        <Button type="submit" look="primary" busy={busy}>
          {busy ? 'Reading its key…' : 'Show its key'}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
        <span className={styles['dim']}>Nothing logs in before you have trusted the key.</span>
      </div>
      {found === null ? null : (
        <TrustDialog
          name={found.draft.name}
          scan={found.scan}
          before={[]}
          onClose={() => setFound(null)}
          onTrust={async () => {
            const sentence = await store.trustHost(found.draft, found.scan.keys)
            onDone(`The host ${found.draft.name} is added. ${sentence}`)
          }}
        />
      )}
    </form>
  )
}

function readRate(text: string): number {
  return parseUsd(text.trim().replace(/\s*\/\s*h$/, ''), 'The rate')
}

function rateProblem(text: string): string | null {
  if (text.trim() === '') return null
  try {
    readRate(text)
    return null
  } catch (thrown) {
    return toSubletError(thrown).message
  }
}
