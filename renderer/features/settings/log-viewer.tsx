import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { formatTime } from '../../../main/domain/format.ts'
import { useApp } from '../../app/app-context.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ScrollBox } from '../../ui/scroll-box.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { createLogStore, type EngineLogLine } from './log-store.ts'
import styles from './settings.module.css'

type Least = 'all' | 'warn' | 'error'

/** The engine's log as it is written, secrets masked; the newest at the end. */
export function LogViewer() {
  const { engine } = useApp()
  const log = useMemo(() => createLogStore(engine), [engine])
  useEffect(() => log.start(), [log])
  const { lines, problem } = useStore(log.state)
  const [least, setLeast] = useState<Least>('all')
  const [follow, setFollow] = useState(true)
  const box = useRef<HTMLDivElement>(null)
  const shown = (lines ?? []).filter((line) => isShown(line, least))
  useEffect(() => {
    if (follow && box.current !== null) box.current.scrollTop = box.current.scrollHeight
  })
  if (problem !== null) return <ErrorNotice sentence={problem.message} />
  if (lines === null) return <Loading what="the log" />
  return (
    <>
      <div className={styles['tools']}>
        <Segmented
          label="Which lines"
          value={least}
          options={[
            { value: 'all', label: 'All' },
            { value: 'warn', label: 'Warnings' },
            { value: 'error', label: 'Errors' },
          ]}
          onValue={setLeast}
        />
        <Checkbox label="Follow" checked={follow} onChecked={setFollow} />
        <CopyButton
          words="Copy"
          label="Copy the lines"
          text={() => Promise.resolve(shown.map(lineText).join('\n'))}
        />
      </div>
      <ScrollBox
        ref={box}
        className={styles['log']}
        role="log"
        aria-label="Engine log"
        aria-live="off"
        onWheel={() => setFollow(atEnd(box.current))}
      >
        {shown.length === 0 ? 'No such lines among the last ones.' : null}
        {shown.map((line, index) => (
          // Lines are only ever added at the end.
          <div key={index} className={styles['line']} data-level={line.level}>
            <time>
              {line.at === null ? '' : formatTime(line.at, { near: line.at, seconds: true })}
            </time>
            <b>{line.level}</b>
            <span>
              {line.message} <span className={styles['details']}>{line.details}</span>
            </span>
          </div>
        ))}
      </ScrollBox>
    </>
  )
}

function isShown(line: EngineLogLine, least: Least): boolean {
  if (least === 'all') return true
  return line.level === 'error' || (least === 'warn' && line.level === 'warn')
}

function lineText({ at, level, message, details }: EngineLogLine): string {
  const time = at === null ? '' : formatTime(at, { seconds: true })
  return [time, level, message, details].filter((part) => part !== '').join(' ')
}

function atEnd(box: HTMLDivElement | null): boolean {
  return box !== null && box.scrollHeight - box.scrollTop - box.clientHeight < 40
}
