import { ArrowDownToLine, CaseSensitive, ChevronDown, ChevronUp } from 'lucide-react'
import type { RefObject } from 'react'
import { useStore } from 'zustand'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FindCount } from './find-count.tsx'
import type { FindStore } from './find-store.ts'
import { GoTo } from './go-to.tsx'
import { LineLook } from './line-look.tsx'
import type { LogStore } from './log-store.ts'
import styles from './log-view.module.css'
import { SaveLog } from './save-log.tsx'

export interface LogBarProps {
  readonly jobId: string
  readonly log: LogStore
  readonly find: FindStore
  readonly input: RefObject<HTMLInputElement | null>
  readonly onStep: (by: 1 | -1) => void
}

/** Search, places to go to, what lines show, copying, and following. */
export function LogBar({ jobId, log, find, input, onStep }: LogBarProps) {
  const following = useStore(log, (state) => state.following)
  const chosen = useStore(log, (state) => state.cursor !== null)
  const live = useStore(log, (state) => state.extent?.ended !== true)
  const found = useStore(find)
  const search = (text: string, caseSensitive: boolean): void => {
    find.search(text, caseSensitive, Math.floor(log.getState().top))
  }
  return (
    <div className={styles['bar']}>
      <b>Log</b>
      <div className={styles['find']} role="search">
        <input
          ref={input}
          aria-label="Search the log"
          placeholder="/ search"
          spellCheck={false}
          value={found.text}
          onChange={(event) => search(event.currentTarget.value, found.caseSensitive)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
            else if (event.key === 'Escape') search('', found.caseSensitive)
            else return
            event.preventDefault()
          }}
        />
        <IconButton
          label="Match case"
          icon={<CaseSensitive />}
          aria-pressed={found.caseSensitive}
          onClick={() => search(found.text, !found.caseSensitive)}
        />
        {found.text === '' ? null : (
          <>
            <FindCount state={found} />
            <IconButton label="Place before" icon={<ChevronUp />} onClick={() => onStep(-1)} />
            <IconButton label="Next place" icon={<ChevronDown />} onClick={() => onStep(1)} />
          </>
        )}
      </div>
      <GoTo log={log} />
      <LineLook log={log} />
      <CopyButton
        label={chosen ? 'Copy the chosen lines' : 'Copy the lines in sight'}
        text={() => log.text()}
      />
      <SaveLog jobId={jobId} />
      <Button
        look="quiet"
        icon={<ArrowDownToLine />}
        aria-pressed={following}
        onClick={() => log.follow()}
      >
        {following && live ? 'following' : live ? 'follow' : 'to the end'}
      </Button>
    </div>
  )
}
