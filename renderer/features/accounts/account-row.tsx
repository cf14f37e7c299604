import { useState } from 'react'
import { formatMicros } from '../../../main/domain/format.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Age } from '../../ui/time.tsx'
import { MoreButton } from './more-button.tsx'
import { AccountForm } from './account-form.tsx'
import {
  failureOf,
  type AccountsState,
  type AccountsStore,
  type AccountSummary,
  type ProviderForm,
} from './accounts-store.ts'
import styles from './accounts.module.css'
import { RemoveAccount } from './remove-account.tsx'
import { RenameAccount } from './rename-account.tsx'
import { StopLine } from './stop-line.tsx'

export interface AccountRowProps {
  readonly store: AccountsStore
  readonly account: AccountSummary
  readonly provider: ProviderForm | undefined
  readonly state: AccountsState
  readonly onDone: (sentence: string) => void
}

const whereabouts = {
  keychain: 'Its keys are in the keychain.',
  session: 'Its keys are in memory only and gone when the engine ends.',
  environment: 'Its keys come from the environment of the program that asks.',
  none: '',
}

/** One account: who we are there, what is left, who can stop a machine. */
export function AccountRow({ store, account, provider, state, onDone }: AccountRowProps) {
  const [open, setOpen] = useState<'rename' | 'replace' | 'remove' | null>(null)
  const close = (): void => setOpen(null)
  const checking = state.checking.has(account.id)
  const problem = failureOf(account, state)
  const fields = provider?.fields ?? []
  const builtIn = account.simulated && account.id === 'sandbox'
  return (
    <li className={styles['row']} aria-label={`Account ${account.name}`}>
      <div className={styles['words']}>
        <p className={styles['head']}>
          <span className={styles['name']}>{account.name}</span>
          <span className={styles['quiet']}>{provider?.name ?? account.providerId}</span>
          {account.simulated ? <Tag>practice cloud</Tag> : null}
          {account.secretsIn === 'session' ? <Tag tone="burn">this session only</Tag> : null}
        </p>
        <CheckLine account={account} checking={checking} />
        <StopLine stop={account.stop} />
        {whereabouts[account.secretsIn] === '' ? null : (
          <p className={styles['dim']}>{whereabouts[account.secretsIn]}</p>
        )}
      </div>
      <div className={styles['actions']}>
        <Button busy={checking} onClick={() => void store.check(account.id)}>
          Check
        </Button>
        {builtIn ? null : (
          <Menu
            trigger={<MoreButton label={`More about ${account.name}`} />}
            entries={[
              { kind: 'item', label: 'Rename…', onSelect: () => setOpen('rename') },
              {
                kind: 'item',
                label: 'Replace the key…',
                disabled: fields.length === 0,
                onSelect: () => setOpen('replace'),
              },
              { kind: 'line' },
              { kind: 'item', label: 'Remove…', danger: true, onSelect: () => setOpen('remove') },
            ]}
          />
        )}
      </div>
      {problem === null ? null : (
        <div className={styles['wide']}>
          <ErrorNotice
            sentence={problem.message}
            onRetry={() => void store.check(account.id)}
            retrying={checking}
            retryWords="Check again"
          />
        </div>
      )}
      {open === 'replace' ? (
        <div className={styles['wide']}>
          <AccountForm
            fields={fields.filter((field) => field.secret || field.optional)}
            action="Check and replace"
            onCancel={close}
            onSubmit={async (values) => {
              const sentence = await store.replaceKey(account.id, values)
              close()
              onDone(`The key of ${account.name} is replaced. ${sentence}`)
            }}
          >
            <p className={styles['panelTitle']}>Replace the key of {account.name}</p>
          </AccountForm>
        </div>
      ) : null}
      <RenameAccount open={open === 'rename'} account={account} store={store} onClose={close} />
      <RemoveAccount
        open={open === 'remove'}
        what="account"
        name={account.name}
        accountId={account.id}
        store={store}
        onClose={close}
        onDone={onDone}
      />
    </li>
  )
}

function CheckLine({
  account: { lastCheck, simulated },
  checking,
}: {
  readonly account: AccountSummary
  readonly checking: boolean
}) {
  if (checking) return <p role="status">Asking the provider who you are…</p>
  // What failed stands below, with its retry.
  if (lastCheck?.ok === false) return null
  if (lastCheck === null)
    return <p className={styles['dim']}>Not checked since the engine started.</p>
  const { identity, message, balanceMicros, at } = lastCheck
  return (
    <p>
      {identity === '' ? null : <>You are {identity}. </>}
      {message}{' '}
      {balanceMicros === null ? null : (
        <>
          Balance{' '}
          <span className={styles['money']}>
            {formatMicros(balanceMicros)}
            {simulated ? ' (simulated)' : ''}
          </span>
          .{' '}
        </>
      )}
      <span className={styles['dim']}>
        Checked <Age at={at} />.
      </span>
    </p>
  )
}
