import { useCallback, useEffect, useState } from 'react'
import type { RentalId } from '../../../preload/contract/rental.ts'
import { toSubletError } from '../../../main/domain/errors.ts'
import { useApp } from '../../app/app-context.ts'
import type { Engine } from '../../engine.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ReceiptList } from '../../ui/receipt-list.tsx'
import { ClockTime } from '../../ui/time.tsx'

type Receipts = Awaited<ReturnType<Engine['api']['ledger']['receipts']>>

/** The proof behind a line of the books: what the provider was asked, answered, and when. */
export function ReceiptDialog({
  rentalId,
  onClose,
}: {
  readonly rentalId: RentalId
  readonly onClose: () => void
}) {
  const { engine } = useApp()
  const [read, setRead] = useState<Receipts | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const ask = useCallback(
    async (signal?: AbortSignal): Promise<void> => {
      setProblem(null)
      try {
        setRead(
          await engine.api.ledger.receipts({ rentalId }, signal === undefined ? {} : { signal }),
        )
      } catch (thrown) {
        if (signal?.aborted !== true) setProblem(toSubletError(thrown).message)
      }
    },
    [engine, rentalId],
  )
  useEffect(() => {
    const left = new AbortController()
    void ask(left.signal)
    return () => left.abort()
  }, [ask])
  const rental = read?.rentals[0]
  return (
    <Dialog open onClose={onClose} title="Receipt" width="wide" description={rental?.machine}>
      {problem === null ? null : <ErrorNotice sentence={problem} onRetry={() => void ask()} />}
      {rental === undefined ? (
        problem === null ? (
          <Loading what="the receipt" />
        ) : null
      ) : (
        <>
          <ReceiptList receipts={rental.receipts} machine={rental.machine} />
          {rental.releasing === null ? (
            rental.receipts.length === 0 ? (
              <p>It is rented, so there is no receipt yet.</p>
            ) : null
          ) : (
            <ErrorNotice sentence="Not proven gone: being released since ">
              <ClockTime at={rental.releasing.since} />. {rental.releasing.sentence}
            </ErrorNotice>
          )}
        </>
      )}
    </Dialog>
  )
}
