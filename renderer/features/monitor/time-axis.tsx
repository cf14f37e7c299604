import { useEffect, useRef } from 'react'
import { formatTime } from '../../../main/domain/format.ts'
import type { ScrubStore } from '../../ui/live-chart/scrub-store.ts'
import styles from './charts-panel.module.css'
import type { MonitorStore } from './monitor-store.ts'

/** From when to when the charts go, with the moment under the cross-hair between. */
export function TimeAxis({
  store,
  scrub,
}: {
  readonly store: MonitorStore
  readonly scrub: ScrubStore
}) {
  const from = useRef<HTMLSpanElement>(null)
  const here = useRef<HTMLElement>(null)
  const to = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const show = (): void => {
      const { fromAt, toAt } = store.window()
      const { at } = scrub.getState()
      put(from.current, formatTime(fromAt, { near: toAt, seconds: true }))
      put(to.current, formatTime(toAt, { near: toAt, seconds: true }))
      put(here.current, at === null ? '' : formatTime(at, { near: toAt, seconds: true }))
    }
    show()
    const stops = [store.subscribe(show), scrub.subscribe(show)]
    return () => {
      for (const stop of stops) stop()
    }
  }, [store, scrub])
  return (
    <div className={styles['axis']}>
      <span ref={from} />
      <b ref={here} data-testid="scrub-time" />
      <span ref={to} />
    </div>
  )
}

function put(element: HTMLElement | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text
}
