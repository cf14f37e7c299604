import { useRef, useState, type SyntheticEvent } from 'react'
import type { BucketConfig } from '../../../preload/contract/bucket.ts'
import { toSubletError } from '../../../main/domain/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { focusFirstWrong } from '../../ui/focus-first-wrong.ts'
import { SecretField, takeSecret } from '../../ui/secret-field.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { bucketDraft, bucketLabels, readBucket, type BucketDraft } from './bucket-draft.ts'
import styles from './bucket.module.css'

export interface BucketFormProps {
  /** What is set now; null for none. */
  readonly config: BucketConfig | null
  readonly onSubmit: (config: BucketConfig, secretKey: string) => Promise<void>
  readonly onCancel: () => void
}

/** Which bucket, and its key. The secret half goes into one call, and its field is empty then. */
export function BucketForm({ config, onSubmit, onCancel }: BucketFormProps) {
  const [draft, setDraft] = useState(() => bucketDraft(config))
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const secret = useRef<HTMLInputElement>(null)
  const forget = (field: string): void => setProblems(({ [field]: _gone, ...rest }) => rest)
  const submit = async (): Promise<void> => {
    const reading = readBucket(draft)
    const missing =
      (secret.current?.value ?? '') === '' ? { secretKey: 'Paste the secret half of the key.' } : {}
    const found = { ...(reading.ok ? {} : reading.problems), ...missing }
    setRefusal(null)
    if (!reading.ok || Object.keys(found).length > 0) {
      focusFirstWrong(form, () => setProblems(found))
      return
    }
    setBusy(true)
    try {
      await onSubmit(reading.config, takeSecret(secret))
    } catch (thrown) {
      setRefusal(toSubletError(thrown).message)
      secret.current?.focus()
    } finally {
      setBusy(false)
    }
  }
  const text = (
    field: keyof typeof bucketLabels,
    more: { placeholder?: string; hint?: string; autoFocus?: boolean } = {},
  ) => (
    <TextField
      {...more}
      label={bucketLabels[field]}
      mono
      value={draft[field]}
      error={problems[field] ?? null}
      onValue={(value) => {
        setDraft((last): BucketDraft => ({ ...last, [field]: value }))
        forget(field)
      }}
    />
  )
  return (
    <form
      ref={form}
      noValidate
      className={styles['form']}
      aria-label="Set the bucket"
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault()
        if (!busy) void submit()
      }}
    >
      {text('bucket', { placeholder: 'results', autoFocus: true })}
      {text('endpoint', {
        placeholder: 'Amazon S3',
        hint: 'For an S3-compatible server, such as https://s3.example.org.',
      })}
      {text('region', { placeholder: 'us-east-1' })}
      {text('prefix', { placeholder: 'none', hint: 'Such as team/sublet/.' })}
      {text('accessKeyId')}
      <SecretField
        label="Secret access key"
        inputRef={secret}
        error={problems['secretKey'] ?? null}
        hint="Stays on this computer: machines get an address for one upload each."
        onTouched={() => forget('secretKey')}
      />
      <div className={styles['full']}>
        <Checkbox
          label="Delete results in the bucket once they are home"
          checked={draft.deleteWhenHome}
          onChecked={(deleteWhenHome) => setDraft({ ...draft, deleteWhenHome })}
        />
      </div>
      {refusal === null ? null : (
        <div className={styles['full']}>
          <ErrorNotice sentence={refusal} />
        </div>
      )}
      <div className={`${styles['full']} ${styles['actions']}`}>
        <Button type="submit" busy={busy}>
          Store
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
