import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import type { HostScan } from './accounts-store.ts'
import styles from './accounts.module.css'

export interface TrustDialogProps {
  readonly name: string
  readonly scan: HostScan
  /** Fingerprints that are trusted until now; empty for a new host. */
  readonly before: readonly string[]
  /** Trusts all keys shown and looks at the machine; a failure is shown here. */
  readonly onTrust: () => Promise<void>
  readonly onClose: () => void
}

const compareCommand = 'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done'

/** Shows a host's keys to compare before they are trusted; changed ones need the host's name typed. */
export function TrustDialog({ name, scan, before, onTrust, onClose }: TrustDialogProps) {
  const { busy, problem, attempt } = useAttempt()
  const [typed, setTyped] = useState('')
  const changed = before.length > 0
  const place = `${scan.user}@${scan.address}:${scan.port}`
  if (changed && scan.keys.every(({ fingerprint }) => before.includes(fingerprint))) {
    return <SameKey name={name} place={place} fingerprints={before} onClose={onClose} />
  }
  const trust = async (): Promise<void> => {
    if (await attempt(onTrust)) onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={changed ? `The key of ${name} has changed` : `Is this ${name}?`}
      description={
        changed
          ? undefined
          : `${place} shows ${keysWords(scan.keys.length)}. Compare before you trust: whoever stands in between could show another.`
      }
      actions={
        <>
          <Button onClick={onClose}>Do not trust</Button>
          <Button
            look={changed ? 'danger' : 'primary'}
            busy={busy}
            disabled={changed && typed !== name}
            onClick={() => void trust()}
          >
            {changed ? 'Trust the new key' : 'Trust and add'}
          </Button>
        </>
      }
    >
      {changed ? (
        <ErrorNotice
          sentence={`${place} shows another key than the one you trusted. Either the host was set up anew, or somebody stands between you and it and would see your code, data and secrets. Ask who runs the host before you trust it.`}
        />
      ) : null}
      <dl className={styles['keys']}>
        {changed ? (
          <div>
            <dt>Trusted until now</dt>
            {before.map((fingerprint) => (
              <dd key={fingerprint}>{fingerprint}</dd>
            ))}
          </div>
        ) : null}
        <div>
          <dt>{changed ? 'Shown now' : 'Fingerprints'}</dt>
          {scan.keys.map(({ key, fingerprint }) => (
            <dd key={fingerprint}>
              {fingerprint} <span className={styles['dim']}>{key.split(' ')[0]}</span>
            </dd>
          ))}
        </div>
      </dl>
      <Disclosure title="How to compare" open>
        <p className={styles['quiet']}>
          On the host itself, or over a connection that you trust already, run this and look for the
          same fingerprint:
        </p>
        <p className={styles['command']}>
          <code>{compareCommand}</code>
          <CopyButton text={compareCommand} label="Copy the command" />
        </p>
      </Disclosure>
      {changed ? (
        <TextField label={`Type ${name} to trust the new key`} value={typed} onValue={setTyped} />
      ) : null}
      {problem === null ? null : <ErrorNotice sentence={problem} />}
    </Dialog>
  )
}

function keysWords(count: number): string {
  return count === 1 ? 'this key' : `these ${count} keys`
}

function SameKey({
  name,
  place,
  fingerprints,
  onClose,
}: {
  readonly name: string
  readonly place: string
  readonly fingerprints: readonly string[]
  readonly onClose: () => void
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`The key of ${name} is the same`}
      description={`${place} shows what you trusted.`}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <dl className={styles['keys']}>
        <div>
          <dt>Fingerprints</dt>
          {fingerprints.map((fingerprint) => (
            <dd key={fingerprint}>{fingerprint}</dd>
          ))}
        </div>
      </dl>
    </Dialog>
  )
}
