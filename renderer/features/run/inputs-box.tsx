import { X } from 'lucide-react'
import { useState } from 'react'
import type { Understanding } from '../../../preload/contract/understanding.ts'
import { formatBytes, formatCount } from '../../../main/domain/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorNotice, Note } from '../../ui/error-notice.tsx'
import { EntryFields } from './entry-fields.tsx'
import { ExcludedList } from './excluded-list.tsx'
import styles from './inputs-box.module.css'
import { nameOfPath, shortPath } from './paths.ts'
import { PickInputs } from './pick-inputs.tsx'
import { plainWords } from './plain-words.ts'
import { useRun, useRunParts } from './run-context.ts'

/** What travels: the entry and how it was understood, the data, and what stays here. */
export function InputsBox() {
  const { store } = useRunParts()
  const draft = useRun((state) => state.draft)
  const understanding = useRun((state) => state.understanding)
  const takeProblem = useRun((state) => state.takeProblem)
  const [changing, setChanging] = useState(false)
  const { value, error } = understanding
  const hasEntry = draft.script !== '' || draft.command !== ''
  return (
    <section className={styles['box']} aria-label="What is run">
      {takeProblem === null ? null : <ErrorNotice sentence={takeProblem} />}
      {hasEntry ? (
        <Entry value={value} isOld={understanding.updating} />
      ) : (
        <p className={styles['missing']}>
          Only data so far. Drop or choose the script or folder that reads it.
        </p>
      )}
      {error === null || !hasEntry ? null : (
        <ErrorNotice sentence={plainWords(error.message)} onRetry={() => store.refresh()}>
          <Candidates />
        </ErrorNotice>
      )}
      <DataRows value={value} />
      {value === null || error !== null ? null : <ExcludedList understanding={value} />}
      {error === null && value !== null
        ? value.warnings.map((warning) => (
            <Note key={warning} warn>
              {plainWords(warning)}
            </Note>
          ))
        : null}
      <div className={styles['foot']}>
        <span className={styles['dim']}>Drop more, or choose</span>
        <PickInputs look="quiet" />
      </div>
      {hasEntry ? (
        <Disclosure
          title="Change what is run"
          summary={entrySummary(draft)}
          open={changing}
          onOpen={setChanging}
        >
          <EntryFields />
        </Disclosure>
      ) : null}
    </section>
  )
}

function Entry({
  value,
  isOld,
}: {
  readonly value: Understanding | null
  readonly isOld: boolean
}) {
  const draft = useRun((state) => state.draft)
  const code = value?.inputs.find((input) => input.kind === 'code')
  const title =
    value === null
      ? draft.command === ''
        ? nameOfPath(draft.script)
        : draft.command
      : value.spec.entry.kind === 'command'
        ? value.spec.entry.command
        : value.spec.entry.path
  const sentences = value === null ? [] : value.understood.filter(isAboutEntry).map(plainWords)
  return (
    <div className={styles['entry']}>
      <div className={styles['row']}>
        <b className={styles['name']}>{title}</b>
        {code === undefined ? null : (
          <span className={styles['sub']}>
            {formatCount(code.files, 'file')}, {formatBytes(code.bytes)}
          </span>
        )}
        {isOld && value === null ? <span className={styles['dim']}>reading …</span> : null}
      </div>
      {sentences.map((sentence) => (
        <p key={sentence} className={styles['sub']}>
          {sentence}
        </p>
      ))}
    </div>
  )
}

/** Data, needs and results are said where they can be changed. */
function isAboutEntry(sentence: string): boolean {
  return !/^(Data: |Results come home|Wants |Needs no |No GPU )/.test(sentence)
}

function DataRows({ value }: { readonly value: Understanding | null }) {
  const { store } = useRunParts()
  const data = useRun((state) => state.draft.data)
  const baseDir = useRun((state) => state.draft.baseDir)
  const problems = useRun((state) => state.problems)
  if (data.length === 0) return null
  const weighed = value?.inputs.filter((input) => input.kind === 'data') ?? []
  return (
    <ul className={styles['data']} aria-label="Data">
      {data.map((item, index) => {
        const own = nameOfPath(item.path)
        const found = weighed.length === data.length ? weighed[index] : undefined
        const change = (name: string): void =>
          store.edit({ data: data.map((one, at) => (at === index ? { ...one, name } : one)) })
        return (
          <li key={item.path}>
            <div className={styles['row']}>
              <b className={styles['name']} title={item.path}>
                {shortPath(item.path, baseDir)}
              </b>
              <span className={styles['sub']}>
                {found === undefined
                  ? ''
                  : `${formatCount(found.files, 'file')}, ${formatBytes(found.bytes)}`}
              </span>
              <label className={styles['as']}>
                <span>$SUBLET_DATA/</span>
                <input
                  className={styles['rename']}
                  aria-label={`Name of ${own} below SUBLET_DATA`}
                  value={item.name}
                  placeholder={found?.name ?? own}
                  spellCheck={false}
                  onChange={(event) => change(event.currentTarget.value)}
                />
              </label>
              <IconButton
                label={`Remove ${own}`}
                icon={<X />}
                onClick={() => store.edit({ data: data.filter((one) => one !== item) })}
              />
            </div>
            {problems[`data.${index}`] === undefined ? null : (
              <p className={styles['problem']}>{problems[`data.${index}`]}</p>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** Where a folder holds several things to start, each is one click away. */
function Candidates() {
  const { store } = useRunParts()
  const error = useRun((state) => state.understanding.error)
  const script = useRun((state) => state.draft.script)
  const candidates: unknown = error?.extras.details?.['candidates']
  if (!Array.isArray(candidates)) return null
  return (
    <div className={styles['candidates']}>
      {candidates
        .filter((one) => typeof one === 'string')
        .map((name) => (
          <button
            key={name}
            type="button"
            onClick={() => store.edit({ script: `${script}/${name}`, code: script })}
          >
            Run {name}
          </button>
        ))}
    </div>
  )
}

function entrySummary(draft: { readonly args: string; readonly code: string }): string {
  const parts = [
    draft.args === '' ? '' : `arguments ${draft.args}`,
    draft.code === '' ? '' : `code folder ${nameOfPath(draft.code)}`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'script, arguments, command, code folder' : parts.join(' · ')
}
