import { PickPathButton } from '../../app/pick-path-button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './accounts.module.css'

/** Which private key file logs in: typed, or picked on the engine's computer. */
export function KeyFileField({
  value,
  onValue,
}: {
  readonly value: string
  readonly onValue: (value: string) => void
}) {
  return (
    <div className={styles['pick']}>
      <TextField
        label="Private key file"
        hint="On the computer that runs Sublet. Empty: your agent and ~/.ssh/config."
        placeholder="~/.ssh/id_ed25519"
        mono
        value={value}
        onValue={onValue}
      />
      <div className={styles['atField']}>
        <PickPathButton kind="files" title="Choose the private key file" hidden onPick={onValue} />
      </div>
    </div>
  )
}
