import type { ReactNode } from 'react'
import { formatTime } from '../../../main/domain/format.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice, Note } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { ScrollBox } from '../../ui/scroll-box.tsx'
import { LogViewer } from './log-viewer.tsx'
import { MarkedText } from './marked-text.tsx'
import { factRows, type FactKey } from './search.ts'
import type { Facts, SettingsState, SettingsStore } from './settings-store.ts'
import styles from './settings.module.css'

export interface FactsSectionProps {
  readonly store: SettingsStore
  readonly state: SettingsState
  readonly shown: readonly FactKey[]
  readonly query: string
}

/** What the engine is, where it keeps things, what it logs, and under which licence. */
export function FactsSection({ store, state, shown, query }: FactsSectionProps) {
  const { facts, factsProblem } = state
  return (
    <Section title="About this Sublet">
      {factsProblem === null ? null : (
        <ErrorNotice sentence={factsProblem.message} onRetry={() => void store.loadFacts()} />
      )}
      {facts === null
        ? factsProblem === null && <Loading what="what the engine says" />
        : shown.map((key) => (
            <div key={key} className={styles['fact']} role="group" aria-label={factRows[key].label}>
              <p className={styles['label']}>
                <MarkedText text={factRows[key].label} query={query} />
              </p>
              {factContent(key, facts)}
            </div>
          ))}
    </Section>
  )
}

function factContent(key: FactKey, facts: Facts): ReactNode {
  switch (key) {
    case 'keychain':
      return facts.keychain.kind === 'keychain' ? (
        <p className={styles['help']}>{facts.keychain.sentence}</p>
      ) : (
        <Note warn>{facts.keychain.sentence}</Note>
      )
    case 'folder':
      return (
        <>
          <p className={styles['help']}>The journal, the books, keys of running rentals, logs.</p>
          <PathLine path={facts.homeDir} isFolder />
        </>
      )
    case 'engine':
      return (
        <p className={styles['help']}>
          Sublet {facts.version}, process {facts.pid}, running since{' '}
          {formatTime(facts.startedAt, { near: Date.now() })}. It goes on without this window while
          a job or a machine needs it.
        </p>
      )
    case 'log':
      return (
        <>
          <PathLine path={facts.logFile} />
          <Disclosure title="Show the log">
            <LogViewer />
          </Disclosure>
        </>
      )
    case 'licence':
      return (
        <>
          <p className={styles['help']}>{facts.licence.split('\n')[0]}.</p>
          <Disclosure title="Licence">
            <ScrollBox className={styles['text']} role="region" aria-label="Licence">
              {facts.licence}
            </ScrollBox>
          </Disclosure>
          <Disclosure title="Notices of others’ software">
            <ScrollBox className={styles['text']} role="region" aria-label="Notices">
              {facts.notices}
            </ScrollBox>
          </Disclosure>
        </>
      )
  }
}

function PathLine({
  path,
  isFolder = false,
}: {
  readonly path: string
  readonly isFolder?: boolean
}) {
  const { native } = useApp().host
  return (
    <p className={styles['path']}>
      <span>{path}</span>
      <CopyButton text={path} label="Copy the path" />
      {native === null ? null : (
        <Button onClick={() => void (isFolder ? native.openPath(path) : native.reveal(path))}>
          {isFolder ? 'Open' : 'Show in its folder'}
        </Button>
      )}
    </p>
  )
}
