import { useEffect } from 'react'
import { useApp } from '../../app/app-context.ts'
import type { SpendStore } from './spend-store.ts'

const atMostEveryMs = 3_000

/** Reads again when the overview says that money, budget or zone have changed; not in every tick. */
export function useFreshSpend(store: SpendStore): void {
  const { overview } = useApp()
  useEffect(() => {
    let known = ''
    let timer: ReturnType<typeof setTimeout> | null = null
    const look = (): void => {
      const now = overview.getState().overview
      if (now === null || document.hidden) return
      const { spend, practice, monthBudgetMicros, reportingZone, machines } = now
      const figures = [
        spend.monthMicros,
        practice.monthMicros,
        monthBudgetMicros,
        reportingZone,
        machines.length,
      ].join(' ')
      if (known === '') known = figures
      if (figures === known || timer !== null) return
      known = figures
      timer = setTimeout(() => {
        timer = null
        void store.refresh()
      }, atMostEveryMs)
    }
    look()
    const leave = overview.subscribe(look)
    return () => {
      leave()
      if (timer !== null) clearTimeout(timer)
    }
  }, [overview, store])
}
