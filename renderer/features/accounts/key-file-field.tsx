import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './accounts.module.css'

/** Which private key file logs in; the desktop opens the system's dialog. */
export function KeyFileField({
  value,
  onValue,
}: {
  readonly value: string
  readonly onValue: (value: string) => void
}) {
  const { native } = useApp().host
  const pick = async (): Promise<void> => {
    const picked = await native?.pick({ kind: 'files', title: 'Choose the private key file' })
    const first = picked?.[0]
    if (first !== undefined) onValue(first)
  }
  return (
    <div className={styles['pick']}>
      <TextField
        label="Private key file"
        hint="On the computer of the engine. Empty: your agent and ~/.ssh/config."
        placeholder="~/.ssh/id_ed25519"
        mono
        value={value}
        onValue={onValue}
      />
      {native === null ? null : (
        <div className={styles['atField']}>
          <Button onClick={() => void pick()}>Choose…</Button>
        </div>
      )}
    </div>
  )
}
