import { useEffect, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../../app/app-context.ts'
import { Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page } from '../../ui/page.tsx'
import { EntriesSection } from './entries-section.tsx'
import { MonthSection } from './month-section.tsx'
import { NothingSpent } from './nothing-spent.tsx'
import { SpendActions, SpendSub } from './spend-head.tsx'
import styles from './spend.module.css'
import { createSpendStore } from './spend-store.ts'
import { paramsOf, viewOf, type SpendView } from './spend-view.ts'
import { useFreshSpend } from './use-fresh-spend.ts'
import { WhereItWent } from './where-it-went.tsx'

/** The Spend page: a month against its budget, where it went, and every entry behind a bar. */
export function SpendPage() {
  const { engine, router } = useApp()
  const store = useMemo(() => createSpendStore(engine), [engine])
  const route = useStore(router.route)
  const view = useMemo(() => viewOf(route.params), [route])
  const { month, months, groups, budgets, table, problem, loading } = useStore(store.state)
  const entries = useRef<HTMLElement>(null)
  const opening = useRef(false)

  useEffect(() => {
    void store.show(view)
  }, [store, view])
  useFreshSpend(store)
  useEffect(() => {
    if (!opening.current || table === null) return
    opening.current = false
    entries.current?.focus({ preventScroll: true })
    entries.current?.querySelector('header')?.scrollIntoView({ block: 'nearest' })
  }, [table])

  const change = (next: Partial<SpendView>): void => {
    const params = paramsOf({ ...view, ...next })
    router.go({ page: 'spend', params }, { replace: next.month === undefined })
  }
  /** Shows what is behind a bar, and brings the keyboard there. */
  const open = (next: Partial<SpendView>): void => {
    opening.current = true
    change(next)
  }

  const failed =
    problem === null ? null : (
      <ErrorNotice
        sentence={problem.message}
        retrying={loading}
        onRetry={() => void store.refresh()}
      />
    )
  if (month === null || table === null || groups === null) {
    return <Page title="Spend">{failed ?? <Loading what="the books" />}</Page>
  }
  const empty = table.total === 0 && month.totalMicros === 0 && view.pick.kind === 'all'
  return (
    <Page
      title="Spend"
      sub={<SpendSub month={month} months={months ?? []} onMonth={change} />}
      actions={<SpendActions store={store} budgets={budgets ?? []} month={month} />}
    >
      {failed}
      <div className={styles['two']}>
        <MonthSection
          month={month}
          budgets={budgets ?? []}
          pick={view.pick}
          onPick={(pick) => open({ pick })}
          onMoney={(money) => change({ money, pick: { kind: 'all' } })}
        />
        <WhereItWent
          month={month}
          groups={groups}
          by={view.by}
          pick={view.pick}
          onBy={(by) => change({ by })}
          onPick={(pick) => open({ pick })}
        />
      </div>
      {empty ? (
        <NothingSpent month={month} />
      ) : (
        <EntriesSection
          ref={entries}
          month={month}
          table={table}
          view={view}
          groups={groups}
          onNeed={(first, last) => void store.need(first, last)}
          onAll={() => open({ pick: { kind: 'all' } })}
        />
      )}
    </Page>
  )
}
