import { useState } from 'react'
import { toSubletError } from '../../../main/domain/errors.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import type { AccountsStore } from './accounts-store.ts'
import styles from './accounts.module.css'
import { rentalsInTheWay, type RentalInTheWay } from './rentals-in-the-way.ts'

export interface RemoveAccountProps {
  readonly open: boolean
  readonly what: 'account' | 'host'
  readonly name: string
  readonly accountId: string
  readonly store: AccountsStore
  readonly onClose: () => void
  readonly onDone: (sentence: string) => void
}

/** Asks before an account is forgotten; refused, it shows which machines are in the way. */
export function RemoveAccount(props: RemoveAccountProps) {
  const { open, what, name, accountId, store, onClose, onDone } = props
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [inTheWay, setInTheWay] = useState<readonly RentalInTheWay[]>([])
  const close = (): void => {
    setProblem(null)
    setInTheWay([])
    onClose()
  }
  const remove = async (): Promise<void> => {
    setBusy(true)
    try {
      await store.remove(accountId)
      onDone(`${name} is removed.`)
      close()
    } catch (thrown) {
      const error = toSubletError(thrown)
      const rentals = rentalsInTheWay(error)
      setInTheWay(rentals)
      setProblem(rentals.length === 0 ? error.message : refusal(name, rentals.length))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={`Remove ${name}?`}
      width="narrow"
      description={
        what === 'account'
          ? 'Its keys are deleted from this computer. Nothing changes at the provider, and Spend keeps what it cost.'
          : 'Sublet forgets its address and its keys. Nothing changes on the host, and Spend keeps what it cost.'
      }
      actions={
        <>
          <Button onClick={close}>Keep it</Button>
          <Button look="danger" busy={busy} onClick={() => void remove()}>
            Remove
          </Button>
        </>
      }
    >
      {problem === null ? null : (
        <ErrorNotice sentence={problem}>
          <ul>
            {inTheWay.map((rental) => (
              <InTheWay key={rental.rentalId} rental={rental} />
            ))}
          </ul>
        </ErrorNotice>
      )}
    </Dialog>
  )
}

function InTheWay({ rental }: { readonly rental: RentalInTheWay }) {
  const { router } = useApp()
  const { jobId, jobName, rentalId } = rental
  return (
    <li>
      <span className={styles['mono']}>{rentalId}</span>
      {jobId === null ? null : (
        <>
          {', '}
          <a
            href={`#/jobs/${encodeURIComponent(jobId)}`}
            onClick={(event) => {
              event.preventDefault()
              router.go({ page: 'job', jobId, params: {} })
            }}
          >
            {jobName ?? jobId}
          </a>
        </>
      )}
    </li>
  )
}

function refusal(name: string, count: number): string {
  return `${name} cannot be removed while ${count === 1 ? 'a machine of it has' : `${count} machines of it have`} no receipt: nobody could release ${count === 1 ? 'it' : 'them'} any more. Stop ${count === 1 ? 'it' : 'them'} first:`
}
