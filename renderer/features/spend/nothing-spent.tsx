import type { SpendMonth } from '../../../preload/contract/spend.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { monthWords } from './spend-words.ts'

/** A month without entries, and the next step. */
export function NothingSpent({ month }: { readonly month: SpendMonth }) {
  const { router } = useApp()
  const past = month.at >= month.to
  if (past) {
    return <EmptyState title={`Nothing was spent in ${monthWords(month.month)}.`} />
  }
  return (
    <EmptyState
      title={
        month.simulated
          ? `No practice money was spent in ${monthWords(month.month)}.`
          : `Nothing was spent yet in ${monthWords(month.month)}.`
      }
      actions={<Button onClick={() => router.go({ page: 'run', params: {} })}>Go to Run</Button>}
    >
      The first job that rents a machine appears here, with its estimate, our meter and the
      provider’s own figure beside each other. The practice cloud shows it without spending money.
    </EmptyState>
  )
}
