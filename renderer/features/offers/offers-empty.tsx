import { useStore } from 'zustand'
import { formatCount } from '../../../main/domain/format.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, Loading } from '../../ui/empty-state.tsx'
import type { OffersStore } from './offers-store.ts'
import styles from './offers-empty.module.css'

/** Instead of rows: what is being waited for, or which filter to leave out. */
export function OffersEmpty({ store }: { readonly store: OffersStore }) {
  const { book, view, problem } = useStore(store)
  return <div className={styles['empty']}>{words()}</div>

  function words() {
    if (view === null || book === null) return problem === null ? <Loading what="offers" /> : null
    if (view.total > 0) return <NothingFits store={store} />
    if (book.sources.some(({ reading }) => reading)) {
      const names = book.sources.filter(({ reading }) => reading).map((one) => one.providerName)
      return <Loading what={`prices from ${[...new Set(names)].join(', ')}`} />
    }
    return (
      <EmptyState
        title="No source has an offer now"
        actions={<Button onClick={() => store.refresh()}>Read all sources again</Button>}
      >
        Each source says why below. Accounts are added on the Accounts page.
      </EmptyState>
    )
  }
}

function NothingFits({ store }: { readonly store: OffersStore }) {
  const { view } = useStore(store)
  if (view === null) return null
  return (
    <EmptyState
      title={`None of ${formatCount(view.total, 'offer')} fits`}
      actions={
        <>
          {view.relax.map(({ part, label, matching }) => (
            <Button key={part} onClick={() => store.filterBy({ [part]: undefined })}>
              Leave out {label}: {formatCount(matching, 'offer')}
            </Button>
          ))}
        </>
      }
    >
      {view.relax.length > 0
        ? 'Leave out one of these:'
        : 'No single filter is the cause: leave out two of them.'}
    </EmptyState>
  )
}
