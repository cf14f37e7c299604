import { useEffect, useEffectEvent, useState } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../../app/app-context.ts'
import { usePicker } from '../../app/use-picker.tsx'
import { Page } from '../../ui/page.tsx'
import { sessionDraft } from './draft-memory.ts'
import { DropOverlay } from './drop-overlay.tsx'
import { FileActions } from './file-actions.tsx'
import { FirstStep } from './first-step.tsx'
import { InputsBox } from './inputs-box.tsx'
import { JobForm } from './job-form.tsx'
import { LaunchBar } from './launch-bar.tsx'
import { OffersPanel } from './offers-panel.tsx'
import { RunContext } from './run-context.ts'
import type { RunStore } from './run-state.ts'
import { createRunStore } from './run-store.ts'
import styles from './run-page.module.css'
import { useWindowDrop } from './window-drop.ts'

/** From a drop to a launch: what is run, where, and the most that it may cost. */
export function RunPage() {
  const { engine, host } = useApp()
  const [store] = useState(() =>
    createRunStore({ api: engine.api, memory: sessionDraft(window.sessionStorage) }),
  )
  const { pick, dialog } = usePicker()
  const hovering = useWindowDrop(store, host)
  useFreshPrices(store)
  useAddress(store)
  const draft = useStore(store, (state) => state.draft)
  const isEmpty = draft.script === '' && draft.command === '' && draft.data.length === 0
  const name = useStore(store, (state) => state.understanding.value?.spec.name)
  return (
    <RunContext value={{ store, pick }}>
      <Page title="New job" sub={isEmpty ? null : name} actions={<FileActions />} layout="fixed">
        <div className={styles['scroll']}>
          {isEmpty ? (
            <FirstStep />
          ) : (
            <div className={styles['two']}>
              <div className={styles['form']}>
                <InputsBox />
                <JobForm />
              </div>
              <OffersPanel />
            </div>
          )}
        </div>
        {isEmpty ? null : <LaunchBar />}
      </Page>
      {dialog}
      <DropOverlay hovering={hovering} />
    </RunContext>
  )
}

const pricesGrowOldMs = 60_000

/** Asks when the page opens, and again every minute while it is looked at: prices and ends move. */
function useFreshPrices(store: RunStore): void {
  useEffect(() => {
    store.refresh()
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && !store.getState().launching) store.refresh()
    }, pricesGrowOldMs)
    return () => {
      clearInterval(timer)
      store.dispose()
    }
  }, [store])
}

/** An address may bring a template, a job file or an offer; it is taken once. */
function useAddress(store: RunStore): void {
  const { router } = useApp()
  const params = useStore(router.route, (route) => route.params)
  const take = useEffectEvent((taken: typeof params) => {
    const { template, file, offer, demo } = taken
    if (template !== undefined) void store.openTemplate(template)
    else if (file !== undefined) void store.takePaths([file])
    else if (demo !== undefined) void store.openDemo()
    if (offer !== undefined) store.edit({ wantedOfferId: offer })
    if (Object.keys(taken).length > 0) router.go({ page: 'run', params: {} }, { replace: true })
  })
  useEffect(() => take(params), [params])
}
