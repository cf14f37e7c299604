import { useState, type ReactNode } from 'react'
import { RefreshCw } from 'lucide-react'
import { formatMicrosPerHour } from '../../../main/domain/format.ts'
import { sumMicros } from '../../../main/domain/money.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Age } from '../../ui/time.tsx'
import type { AccountsState, AccountsStore, MachineRow } from './accounts-store.ts'
import styles from './accounts.module.css'
import { OutsideLink } from './outside-link.tsx'

export interface MachinesSectionProps {
  readonly store: AccountsStore
  readonly state: AccountsState
  /** What was done here last, in a live region. */
  readonly said: ReactNode
  readonly onDone: (sentence: string) => void
}

/** Everything that costs money on any account, as the providers list it now. */
export function MachinesSection({ store, state, said, onDone }: MachinesSectionProps) {
  const [asked, setAsked] = useState<MachineRow | null>(null)
  const { machines, machinesProblem, machinesBusy } = state
  return (
    <Section
      title="Machines at the providers"
      detail="everything that costs money on your accounts, ours or not"
      actions={
        <Button
          look="quiet"
          icon={<RefreshCw />}
          busy={machinesBusy}
          onClick={() => void store.loadMachines()}
        >
          {machinesBusy ? 'Asking…' : 'Ask again'}
        </Button>
      }
    >
      {said}
      {machinesProblem === null ? null : (
        <ErrorNotice
          sentence={machinesProblem.message}
          onRetry={() => void store.loadMachines()}
          retrying={machinesBusy}
        />
      )}
      {machines?.problems.map((problem) => (
        <ErrorNotice
          key={problem}
          sentence={`${problem} What costs money there is not listed.`}
          onRetry={() => void store.loadMachines()}
          retrying={machinesBusy}
        />
      ))}
      {machines === null && machinesProblem === null ? (
        <Loading what="what your accounts list" />
      ) : null}
      {machines === null ? null : machines.billables.length === 0 ? (
        <p className={styles['quiet']}>
          {machines.problems.length === 0
            ? 'Nothing costs money on your accounts now.'
            : 'The accounts that answered list nothing.'}
        </p>
      ) : (
        <MachinesTable rows={machines.billables} onRelease={setAsked} />
      )}
      <ReleaseDialog
        machine={asked}
        onClose={() => setAsked(null)}
        onConfirm={async (machine) => {
          if (machine.release === 'now') {
            await store.release(machine)
            onDone(`${machine.name} is being released; Jobs shows its receipt.`)
          } else {
            onDone(await store.releaseStranger(machine, machine.name))
          }
        }}
      />
    </Section>
  )
}

function MachinesTable({
  rows,
  onRelease,
}: {
  readonly rows: readonly MachineRow[]
  readonly onRelease: (machine: MachineRow) => void
}) {
  const { router } = useApp()
  return (
    <>
      <div className={styles['scroller']}>
        <table className={styles['table']} aria-label="Machines at the providers">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Account</th>
              <th scope="col">State</th>
              <th scope="col">Since</th>
              <th scope="col" className={styles['num']}>
                $/h
              </th>
              <th scope="col" aria-label="Actions" />
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => {
              const { jobId } = one
              return (
                <tr key={`${one.accountId} ${one.nativeId} ${one.name}`}>
                  <td>
                    <div className={styles['head']}>
                      {one.ours && jobId !== null ? (
                        <a
                          href={`#/jobs/${encodeURIComponent(jobId)}`}
                          onClick={(event) => {
                            event.preventDefault()
                            router.go({ page: 'job', jobId, params: {} })
                          }}
                        >
                          {one.jobName ?? jobId}
                        </a>
                      ) : (
                        <span className={styles['name']}>{one.name || one.nativeId}</span>
                      )}
                      {one.kind === 'machine' ? null : <Tag>{one.kind}</Tag>}
                      {one.ours ? null : <Tag tone="burn">not ours</Tag>}
                    </div>
                    <div className={styles['dim']}>
                      {one.ours ? (
                        <span className={styles['mono']}>{one.rentalId}</span>
                      ) : (
                        one.releaseSentence
                      )}
                    </div>
                  </td>
                  <td className={styles['once']}>
                    {one.accountName} <span className={styles['dim']}>{one.region}</span>
                  </td>
                  <td>{one.state}</td>
                  <td className={styles['once']}>
                    {one.createdAt === null ? 'not said' : <Age at={one.createdAt} />}
                  </td>
                  <td className={styles['num']}>
                    {one.microsPerHour === null
                      ? 'not said'
                      : formatMicrosPerHour(one.microsPerHour)}
                  </td>
                  <td className={styles['act']}>
                    <MachineAction machine={one} onRelease={onRelease} />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <p className={styles['sum']}>
        Together {formatMicrosPerHour(sumMicros(rows.map((one) => one.microsPerHour ?? 0)))}.
      </p>
    </>
  )
}

function MachineAction({
  machine,
  onRelease,
}: {
  readonly machine: MachineRow
  readonly onRelease: (machine: MachineRow) => void
}) {
  const called = machine.jobName ?? (machine.name || machine.nativeId)
  if (machine.release === 'elsewhere') {
    return machine.link === null ? (
      <span className={styles['dim']}>at the provider</span>
    ) : (
      <OutsideLink href={machine.link}>Open the provider</OutsideLink>
    )
  }
  return (
    <Button look="stop" aria-label={`Release ${called}`} onClick={() => onRelease(machine)}>
      Release…
    </Button>
  )
}

function ReleaseDialog({
  machine,
  onClose,
  onConfirm,
}: {
  readonly machine: MachineRow | null
  readonly onClose: () => void
  readonly onConfirm: (machine: MachineRow) => Promise<void>
}) {
  if (machine === null) return null
  const ours = machine.release === 'now'
  const title = ours
    ? `Release the machine of ${machine.jobName ?? machine.name}?`
    : `Release ${machine.name}?`
  return (
    <Confirm
      open
      onClose={onClose}
      title={title}
      action="Release"
      danger
      {...(ours ? {} : { typed: machine.name })}
      onConfirm={() => onConfirm(machine)}
    >
      {ours
        ? 'Its job stops; what it has made so far comes home first, then the machine goes back.'
        : machine.releaseSentence}
    </Confirm>
  )
}
