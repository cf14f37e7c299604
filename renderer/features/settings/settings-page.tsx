import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { settingDeclarations } from '../../../preload/contract/setting-declarations.ts'
import { settingGroups } from '../../../preload/contract/settings/declaration.ts'
import type { SettingKey } from '../../../preload/contract/setting.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { BucketSection } from './bucket-section.tsx'
import { FactsSection } from './facts-section.tsx'
import { searchSettings } from './search.ts'
import { SettingRow } from './setting-row.tsx'
import { settingWords } from './setting-text.ts'
import styles from './settings.module.css'

/** Every setting, drawn from its declaration, and what stands beside them. */
export function SettingsPage() {
  const { settings: store, toaster, router } = useApp()
  const state = useStore(store.state)
  const route = useStore(router.route)
  const [query, setQuery] = useState(route.params['find'] ?? '')
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    void store.loadFacts()
  }, [store])
  useEffect(() => {
    const take = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.closest('input, textarea')
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || typing) return
      event.preventDefault()
      box.current?.querySelector('input')?.focus()
    }
    window.addEventListener('keydown', take)
    return () => window.removeEventListener('keydown', take)
  }, [])
  const change = async (key: SettingKey, value: unknown): Promise<void> => {
    const undo = await store.change(key, value)
    if (undo === null) return
    toaster.add({
      title: `${settingDeclarations[key].label}: ${settingWords(key, value)}`,
      actionProps: { children: 'Undo', onClick: () => void undo() },
    })
  }
  const { snapshot, problem, refusals } = state
  const found = searchSettings(query)
  const search = (
    <div ref={box} className={styles['search']}>
      <TextField
        label="Search settings"
        hideLabel
        type="search"
        placeholder="Search settings  /"
        value={query}
        onValue={setQuery}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setQuery('')
        }}
      />
    </div>
  )
  return (
    <Page title="Settings" actions={search}>
      <div className={styles['sheet']}>
        {problem === null ? null : <ErrorNotice sentence={problem.message} />}
        {snapshot === null && problem === null ? <Loading what="your settings" /> : null}
        {snapshot === null
          ? null
          : settingGroups.map((group) => {
              const keys = found.settings.filter((key) => settingDeclarations[key].group === group)
              if (keys.length === 0) return null
              return (
                <Section key={group} title={group} {...detailOf(group)}>
                  <ul>
                    {keys.map((key) => (
                      <SettingRow
                        key={key}
                        settingKey={key}
                        value={snapshot.values[key]}
                        fallback={snapshot.defaults[key]}
                        refusal={refusals[key] ?? null}
                        query={query}
                        onChange={(value) => void change(key, value)}
                      />
                    ))}
                  </ul>
                </Section>
              )
            })}
        {found.bucket ? <BucketSection /> : null}
        {found.facts.length === 0 ? null : (
          <FactsSection store={store} state={state} shown={found.facts} query={query} />
        )}
        {found.bucket || found.settings.length + found.facts.length > 0 ? null : (
          <EmptyState
            title="No setting is called that"
            actions={<Button onClick={() => setQuery('')}>Show all settings</Button>}
          >
            Try another word, such as budget, folder, theme or log.
          </EmptyState>
        )}
      </div>
    </Page>
  )
}

function detailOf(group: string): { readonly detail?: string } {
  return group === 'New jobs'
    ? { detail: 'what holds when neither the form nor the job file says otherwise' }
    : {}
}
