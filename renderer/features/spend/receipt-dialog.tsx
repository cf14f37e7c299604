import { useEffect, useState } from 'react'
import type { RentalId } from '../../../preload/contract/rental.ts'
import { toSubletError } from '../../../main/domain/errors.ts'
import { useApp } from '../../app/app-context.ts'
import type { Engine } from '../../engine.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ReceiptList } from '../../ui/receipt-list.tsx'
import { ClockTime } from '../../ui/time.tsx'

type Rental = Awaited<ReturnType<Engine['api']['ledger']['receipts']>>['rentals'][number]

/** The proof behind a line of the books: what the provider was asked, answered, and when. */
export function ReceiptDialog({
  rentalId,
  onClose,
}: {
  readonly rentalId: RentalId
  readonly onClose: () => void
}) {
  const { engine } = useApp()
  const [rental, setRental] = useState<Rental | null>(null)
  /** Taken away, it is asked again. */
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    if (problem !== null) return
    const left = new AbortController()
    engine.api.ledger.receipts({ rentalId }, { signal: left.signal }).then(
      ({ rentals }) => setRental(rentals[0] ?? null),
      (thrown: unknown) => {
        if (!left.signal.aborted) setProblem(toSubletError(thrown).message)
      },
    )
    return () => left.abort()
  }, [engine, rentalId, problem])
  return (
    <Dialog open onClose={onClose} title="Receipt" width="wide" description={rental?.machine}>
      {problem !== null ? (
        <ErrorNotice sentence={problem} onRetry={() => setProblem(null)} />
      ) : rental === null ? (
        <Loading what="the receipt" />
      ) : (
        <Proof rental={rental} />
      )}
    </Dialog>
  )
}

function Proof({ rental }: { readonly rental: Rental }) {
  const { receipts, machine, releasing } = rental
  return (
    <>
      <ReceiptList receipts={receipts} machine={machine} />
      {releasing !== null ? (
        <ErrorNotice sentence="Not proven gone: being released since ">
          <ClockTime at={releasing.since} />. {releasing.sentence}
        </ErrorNotice>
      ) : receipts.length === 0 ? (
        <p>It is rented, so there is no receipt yet.</p>
      ) : null}
    </>
  )
}
