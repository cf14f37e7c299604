import { useState, type ReactNode } from 'react'
import { RefreshCw } from 'lucide-react'
import { hoursPerMonth } from '../../../main/domain/billable-sums.ts'
import { Button } from '../../ui/button.tsx'
import { Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Age } from '../../ui/time.tsx'
import type { AccountsState, AccountsStore, MachineRow, Machines } from './accounts-store.ts'
import accounts from './accounts.module.css'
import styles from './billed.module.css'
import { billedGroups, groupSum, oldestRead } from './billed-groups.ts'
import { BilledTable } from './billed-table.tsx'
import { ReleaseDialog } from './release-dialog.tsx'

export interface BilledSectionProps {
  readonly store: AccountsStore
  readonly state: AccountsState
  /** What was done here last, in a live region. */
  readonly said: ReactNode
  readonly onDone: (sentence: string) => void
}

/** Everything that costs money on any account, ours or not, with the age of what is known. */
export function BilledSection({ store, state, said, onDone }: BilledSectionProps) {
  const [asked, setAsked] = useState<MachineRow | null>(null)
  const { machines, machinesProblem, machinesBusy } = state
  const ask = (): void => void store.loadMachines()
  const readAt = machines === null ? null : oldestRead(machines)
  return (
    <Section
      title="Everything that costs money"
      detail="on your accounts, ours or not"
      actions={
        <>
          {readAt === null ? null : (
            <span className={styles['age']}>
              read <Age at={readAt} />
            </span>
          )}
          <Button look="quiet" icon={<RefreshCw />} busy={machinesBusy} onClick={ask}>
            {machinesBusy ? 'Asking…' : 'Check now'}
          </Button>
        </>
      }
    >
      {said}
      {machinesProblem === null ? null : (
        <ErrorNotice sentence={machinesProblem.message} onRetry={ask} retrying={machinesBusy} />
      )}
      {machines === null ? (
        machinesProblem === null ? (
          <Loading what="what your accounts list" />
        ) : null
      ) : (
        <Billed machines={machines} busy={machinesBusy} onAsk={ask} onRelease={setAsked} />
      )}
      <ReleaseDialog
        row={asked}
        onClose={() => setAsked(null)}
        onConfirm={async (row, typedName) => {
          if (row.release === 'now') {
            await store.release(row)
            onDone(`${row.name} is being released; Jobs shows its receipt.`)
          } else {
            onDone(await store.releaseStranger(row, typedName))
          }
        }}
      />
    </Section>
  )
}

function Billed({
  machines,
  busy,
  onAsk,
  onRelease,
}: {
  readonly machines: Machines
  readonly busy: boolean
  readonly onAsk: () => void
  readonly onRelease: (row: MachineRow) => void
}) {
  const silent = machines.accounts.filter(({ problem }) => problem !== null)
  return (
    <>
      {silent.map(({ accountId, accountName, problem, fetchedAt }) => (
        <ErrorNotice
          key={accountId}
          sentence={`${accountName}: ${problem ?? ''} `}
          onRetry={onAsk}
          retrying={busy}
        >
          {fetchedAt === null ? (
            'What costs money there is not listed.'
          ) : (
            <>
              What is listed of it was read <Age at={fetchedAt} />.
            </>
          )}
        </ErrorNotice>
      ))}
      {machines.billables.length === 0 ? (
        <p className={accounts['quiet']}>
          {silent.length === 0
            ? 'Nothing costs money on your accounts now: no machine, no disk, no address. A job that you run appears here until its receipt.'
            : 'The accounts that answered list nothing.'}
        </p>
      ) : (
        <>
          <BilledTable groups={billedGroups(machines)} onRelease={onRelease} />
          <p className={styles['sum']}>
            Together {groupSum(machines.billables)}. A month is {hoursPerMonth} hours.
          </p>
        </>
      )}
    </>
  )
}
