import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { Overview } from '../../../preload/contract/overview.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { AccountRow } from './account-row.tsx'
import { createAccountsStore, type AccountsData } from './accounts-store.ts'
import styles from './accounts.module.css'
import { AddAccount } from './add-account.tsx'
import { BilledSection } from './billed-section.tsx'
import { HostForm } from './host-form.tsx'
import { HostRow } from './host-row.tsx'
import { KeychainWarning } from './keychain-warning.tsx'
import { SecretsSection } from './secrets-section.tsx'

type Place = 'accounts' | 'hosts' | 'secrets' | 'machines'

/** Accounts at providers, own hosts, secrets of jobs, and what costs money there. */
export function AccountsPage() {
  const { engine, router, overview } = useApp()
  const route = useStore(router.route)
  const store = useMemo(() => createAccountsStore(engine), [engine])
  const state = useStore(store.state)
  const link = useStore(engine.link)
  const connected = link.kind === 'connected'
  useEffect(() => {
    if (!connected) return
    void store.load()
  }, [store, connected])
  // Who asks for it anew is the user; what our own machines do is known without asking.
  const moved = useStore(overview, ({ overview: known }) => movesOf(known))
  useEffect(() => {
    if (connected && moved !== null) void store.loadMachines({ mayBeOld: true })
  }, [store, connected, moved])
  const [adding, setAdding] = useState<'account' | 'host' | null>(null)
  const [said, setSaid] = useState<{ readonly place: Place; readonly sentence: string } | null>(
    null,
  )
  const doneAt =
    (place: Place) =>
    (sentence: string): void => {
      setAdding(null)
      setSaid({ place, sentence })
    }
  const saidAt = (place: Place) => (
    <p className={styles['said']} role="status">
      {said?.place === place ? said.sentence : null}
    </p>
  )
  const open = (what: 'account' | 'host'): void => {
    setAdding(what)
    setSaid(null)
  }
  const { data, problem } = state
  const close = (): void => setAdding(null)
  if (data === null) {
    return (
      <Page title="Accounts">
        {problem === null ? (
          <Loading what="your accounts" />
        ) : (
          <ErrorNotice sentence={problem.message} onRetry={() => void store.load()} />
        )}
      </Page>
    )
  }
  const clouds = data.providers.some((provider) => provider.fields.length > 0)
  const accounts = data.accounts.filter((one) => one.providerId !== 'host')
  // Who comes here for it sees it first.
  const wanted = route.params['show'] === 'billed'
  const billed = (
    <BilledSection
      store={store}
      state={state}
      said={saidAt('machines')}
      onDone={doneAt('machines')}
    />
  )
  return (
    <Page title="Accounts" sub={countWords(data)}>
      {wanted ? billed : null}
      <KeychainWarning keychain={data.keychain} />
      {problem === null ? null : (
        <ErrorNotice sentence={problem.message} onRetry={() => void store.load()} />
      )}
      <Section
        title="Accounts"
        actions={
          clouds && adding !== 'account' ? (
            <Button onClick={() => open('account')}>Add an account</Button>
          ) : null
        }
      >
        {saidAt('accounts')}
        {adding === 'account' ? (
          <AddAccount store={store} data={data} onDone={doneAt('accounts')} onCancel={close} />
        ) : null}
        <ul className={styles['list']}>
          {accounts.map((account) => (
            <AccountRow
              key={account.id}
              store={store}
              account={account}
              provider={data.providers.find(({ id }) => id === account.providerId)}
              state={state}
              onDone={doneAt('accounts')}
            />
          ))}
        </ul>
        {clouds ? null : (
          <p className={styles['dim']}>
            This version of Sublet knows no cloud with credentials yet: practise with the sandbox,
            or run on a host of your own.
          </p>
        )}
      </Section>
      <Section
        title="Own hosts"
        actions={
          adding === 'host' ? null : <Button onClick={() => open('host')}>Add a host</Button>
        }
      >
        {saidAt('hosts')}
        {adding === 'host' ? (
          <HostForm
            store={store}
            taken={data.hosts.map((one) => one.name)}
            onDone={doneAt('hosts')}
            onCancel={close}
          />
        ) : null}
        <ul className={styles['list']}>
          {data.hosts.map((host) => (
            <HostRow
              key={host.accountId}
              store={store}
              host={host}
              state={state}
              onDone={doneAt('hosts')}
            />
          ))}
        </ul>
        {data.hosts.length > 0 || adding === 'host' ? null : (
          <p className={styles['quiet']}>
            Any Linux machine that you reach by SSH can run jobs: Sublet takes free GPUs of it and
            gives them back. Add one with its address; its key is shown before anything logs in.
          </p>
        )}
      </Section>
      <SecretsSection
        store={store}
        data={data}
        said={saidAt('secrets')}
        onDone={doneAt('secrets')}
      />
      {wanted ? null : billed}
    </Page>
  )
}

/** Changes whenever a machine of ours comes, goes or is being released, and with each look. */
function movesOf(overview: Overview | null): string | null {
  if (overview === null) return null
  const machines = overview.machines.map(({ rentalId, release }) => [rentalId, release])
  return JSON.stringify([machines, overview.radar.checkedAt])
}

function countWords({ accounts, hosts }: AccountsData): string {
  const clouds = accounts.filter((one) => one.providerId !== 'host').length
  const words = `${clouds} ${clouds === 1 ? 'account' : 'accounts'}`
  if (hosts.length === 0) return words
  return `${words}, ${hosts.length} own ${hosts.length === 1 ? 'host' : 'hosts'}`
}
