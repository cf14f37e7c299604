import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { OfferRow } from '../../../preload/contract/offer-view.ts'
import { formatCount } from '../../../main/domain/format.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page } from '../../ui/page.tsx'
import { ColumnsMenu } from './columns-menu.tsx'
import { CompareDialog } from './compare-dialog.tsx'
import { FilterBar } from './filter-bar.tsx'
import { JobSelect } from './job-select.tsx'
import { OfferBar } from './offer-bar.tsx'
import { OfferTable } from './offer-table.tsx'
import { createOffersStore, type OffersStore } from './offers-store.ts'
import { storedLook } from './offers-memory.ts'
import { OffersEmpty } from './offers-empty.tsx'
import { SourcesSummary, SourceTroubles } from './sources.tsx'
import styles from './offers-page.module.css'

/** The Offers page: every rentable machine of every account in one table. */
export function OffersPage() {
  const { engine } = useApp()
  const [store] = useState(() =>
    createOffersStore({ engine, memory: storedLook(window.localStorage) }),
  )
  useEffect(() => store.open(), [store])
  return <Offers store={store} />
}

function Offers({ store }: { readonly store: OffersStore }) {
  const { router } = useApp()
  const { book, view, outdated, problem, compared, columns, forJob } = useStore(store)
  const [comparing, setComparing] = useState(false)
  const use = (row: OfferRow): void => router.go({ page: 'run', params: { offer: row.offer.id } })
  const offers = [...compared.values()]
  const retry = (accountId: string): void => store.refresh(accountId)
  return (
    <Page
      title="Offers"
      layout="fixed"
      sub={
        book === null || view === null ? null : (
          <>
            <span aria-live="polite">
              {view.total === 0
                ? ''
                : `${view.matching.toLocaleString('en')} of ${formatCount(view.total, 'offer')}`}
            </span>
            <SourcesSummary book={book} onRetry={retry} />
            {outdated ? (
              <Button look="quiet" onClick={() => store.showNew()}>
                <span className={styles['changed']}>Prices changed, show</span>
              </Button>
            ) : null}
          </>
        )
      }
      actions={
        <>
          <JobSelect value={forJob} onValue={(jobId) => store.setJob(jobId)} />
          <ColumnsMenu columns={columns} onColumns={(next) => store.showColumns(next)} />
          <Button disabled={offers.length < 2} onClick={() => setComparing(true)}>
            {offers.length === 0 ? 'Compare' : `Compare ${offers.length}`}
          </Button>
        </>
      }
    >
      <FilterBar store={store} />
      {problem === null ? null : <ErrorNotice sentence={problem} onRetry={() => store.showNew()} />}
      {view !== null && view.matching > 0 ? (
        <OfferTable store={store} onUse={use} />
      ) : (
        <OffersEmpty store={store} />
      )}
      {book === null ? null : <SourceTroubles book={book} onRetry={retry} />}
      <div className={styles['bar']}>
        <OfferBar store={store} onUse={use} />
      </div>
      <CompareDialog
        open={comparing && offers.length > 1}
        offers={offers}
        onClose={() => setComparing(false)}
        onUse={use}
        onRemove={(row) => store.toggleCompare(row)}
      />
    </Page>
  )
}
