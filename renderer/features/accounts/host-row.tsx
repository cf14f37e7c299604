import { useState } from 'react'
import { toSubletError } from '../../../main/domain/errors.ts'
import { formatMicrosPerHour } from '../../../main/domain/format.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Age } from '../../ui/time.tsx'
import {
  failureOf,
  type AccountsState,
  type AccountsStore,
  type HostScan,
  type HostSummary,
} from './accounts-store.ts'
import styles from './accounts.module.css'
import { MoreButton } from './more-button.tsx'
import { RemoveAccount } from './remove-account.tsx'
import { StopLine } from './stop-line.tsx'
import { TrustDialog } from './trust-dialog.tsx'

export interface HostRowProps {
  readonly store: AccountsStore
  readonly host: HostSummary
  readonly state: AccountsState
  readonly onDone: (sentence: string) => void
}

/** One own host: where it is, what it has, whether its key is still the trusted one. */
export function HostRow({ store, host, state, onDone }: HostRowProps) {
  const [removing, setRemoving] = useState(false)
  const [scan, setScan] = useState<HostScan | null>(null)
  const [scanProblem, setScanProblem] = useState<string | null>(null)
  const checking = state.checking.has(host.accountId)
  const problem = failureOf({ id: host.accountId, lastCheck: host.lastCheck }, state)
  const changedKey = problem?.code === 'host-key'
  const check = (): void => void store.check(host.accountId)
  const compare = async (): Promise<void> => {
    setScanProblem(null)
    try {
      setScan(await store.scanHost(host.target, host.keyFile))
    } catch (thrown) {
      setScanProblem(toSubletError(thrown).message)
    }
  }
  return (
    <li className={styles['row']} aria-label={`Host ${host.name}`}>
      <div className={styles['words']}>
        <p className={styles['head']}>
          <span className={styles['name']}>{host.name}</span>
          <span className={styles['mono']}>
            {host.user}@{host.address}:{host.port}
          </span>
          {changedKey ? <Tag tone="bad">key changed</Tag> : null}
        </p>
        <HostCheckLine host={host} checking={checking} />
        <StopLine stop={host.stop} />
        <p className={styles['dim']}>
          {rateWords(host.rateMicrosPerHour)}{' '}
          {host.keyFile === null ? '' : `Logs in with ${host.keyFile}. `}
          Trusted key <span className={styles['mono']}>{host.fingerprints[0] ?? 'none yet'}</span>
        </p>
      </div>
      <div className={styles['actions']}>
        <Button busy={checking} onClick={check}>
          Check
        </Button>
        <Menu
          trigger={<MoreButton label={`More about ${host.name}`} />}
          entries={[
            { kind: 'item', label: 'Compare its key…', onSelect: () => void compare() },
            { kind: 'line' },
            { kind: 'item', label: 'Remove…', danger: true, onSelect: () => setRemoving(true) },
          ]}
        />
      </div>
      {problem === null ? null : (
        <div className={styles['wide']}>
          <ErrorNotice
            sentence={
              changedKey
                ? `${host.name} shows another key than the one you trusted, so Sublet does not connect.`
                : problem.message
            }
            onRetry={changedKey ? () => void compare() : check}
            retrying={checking}
            retryWords={changedKey ? 'Compare the keys…' : 'Check again'}
          />
        </div>
      )}
      {scanProblem === null ? null : (
        <div className={styles['wide']}>
          <ErrorNotice sentence={scanProblem} onRetry={() => void compare()} />
        </div>
      )}
      {scan === null ? null : (
        <TrustDialog
          name={host.name}
          scan={scan}
          before={host.fingerprints}
          onClose={() => setScan(null)}
          onTrust={async () => {
            const { name, target, keyFile, rateMicrosPerHour } = host
            const sentence = await store.trustHost(
              { name, target, keyFile, rateMicrosPerHour },
              scan.keys,
            )
            onDone(`The new key of ${name} is trusted. ${sentence}`)
          }}
        />
      )}
      <RemoveAccount
        open={removing}
        what="host"
        name={host.name}
        accountId={host.accountId}
        store={store}
        onClose={() => setRemoving(false)}
        onDone={onDone}
      />
    </li>
  )
}

function HostCheckLine({
  host: { lastCheck },
  checking,
}: {
  readonly host: HostSummary
  readonly checking: boolean
}) {
  if (checking) return <p role="status">Connecting and looking at its GPUs…</p>
  // What failed stands below, with its retry.
  if (lastCheck?.ok === false) return null
  if (lastCheck === null)
    return <p className={styles['dim']}>Not checked since the engine started.</p>
  return (
    <p>
      {lastCheck.message}{' '}
      <span className={styles['dim']}>
        Checked <Age at={lastCheck.at} />.
      </span>
    </p>
  )
}

function rateWords(rate: number | null): string {
  return rate === null || rate === 0
    ? 'Costs nothing in the books.'
    : `${formatMicrosPerHour(rate)} in the books.`
}
