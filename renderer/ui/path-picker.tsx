import { ArrowUp, File, Folder, House } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react'
import type { FileEntry, FolderListing } from '../../preload/contract/services/files.ts'
import { toSubletError } from '../../main/domain/errors.ts'
import { formatBytes, formatCount } from '../../main/domain/format.ts'
import { Button, IconButton } from './button.tsx'
import { Checkbox } from './checkbox.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { TextField } from './text-field.tsx'
import styles from './path-picker.module.css'

export interface PathPickerProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly kind: 'files' | 'folder' | 'save'
  /** A folder to begin in; the user's home folder otherwise. */
  readonly startDir?: string
  /** The name that is proposed for `save`. */
  readonly fileName?: string
  /** Begins with hidden files in sight, as for keys in ~/.ssh. */
  readonly hidden?: boolean
  readonly list: (dir: string | null) => Promise<FolderListing>
  readonly onPick: (paths: readonly string[]) => void
}

/** Chooses files, a folder or a new file's place where the window itself knows no paths. */
export function PathPicker(props: PathPickerProps) {
  const { open, onClose, title } = props
  return (
    <Dialog open={open} onClose={onClose} title={title} width="normal">
      {open ? <Body {...props} /> : null}
    </Dialog>
  )
}

function Body({
  kind,
  startDir,
  fileName,
  hidden = false,
  list,
  onPick,
  onClose,
}: PathPickerProps) {
  const [listing, setListing] = useState<FolderListing | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [name, setName] = useState(fileName ?? '')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [showHidden, setShowHidden] = useState(hidden)

  const show = (next: FolderListing): void => {
    setListing(next)
    setTyped(next.dir)
    setChosen(new Set())
    setProblem(null)
  }
  /** Only the newest question counts: a slow answer never takes the place of what was typed since. */
  const latest = useRef(0)
  const ask = (dir: string | null): Promise<void> => {
    latest.current += 1
    const mine = latest.current
    const ifLatest =
      <T,>(take: (value: T) => void) =>
      (value: T): void => {
        if (mine === latest.current) take(value)
      }
    return list(dir).then(
      ifLatest(show),
      ifLatest((thrown: unknown) => setProblem(toSubletError(thrown).message)),
    )
  }
  const go = (dir: string | null): void => void ask(dir)
  // Only the opening decides where it begins.
  const begin = useEffectEvent(() => ask(startDir ?? null))
  useEffect(() => void begin(), [])

  const type = (text: string): void => {
    latest.current += 1
    setTyped(text)
  }
  const finish = (paths: readonly string[]): void => {
    onPick(paths)
    onClose()
  }
  const open = (entry: FileEntry): void => {
    if (entry.kind === 'folder') go(entry.path)
    else if (entry.kind === 'file' && kind === 'files') finish([entry.path])
    else if (kind === 'save') setName(entry.name)
  }
  const toggle = (entry: FileEntry): void => {
    if (kind === 'save' && entry.kind === 'file') setName(entry.name)
    if (kind !== 'files') return
    const next = new Set(chosen)
    if (!next.delete(entry.path)) next.add(entry.path)
    setChosen(next)
  }
  const dir = listing?.dir ?? ''
  const shown = (listing?.entries ?? []).filter(
    (entry) => (showHidden || !entry.hidden) && (kind !== 'folder' || entry.kind === 'folder'),
  )
  const action = pickAction(kind, dir, [...chosen], name)
  return (
    <div className={styles['picker']}>
      <form
        className={styles['where']}
        onSubmit={(event) => {
          event.preventDefault()
          go(typed)
        }}
      >
        <IconButton label="Home folder" icon={<House />} onClick={() => go(null)} />
        <IconButton
          label="Folder above"
          icon={<ArrowUp />}
          disabled={listing === null || listing.parent === null}
          onClick={() => go(listing?.parent ?? null)}
        />
        <div className={styles['path']}>
          <TextField label="Folder" hideLabel mono value={typed} onValue={type} />
        </div>
        <Button type="submit">Go</Button>
      </form>
      {problem === null ? null : (
        <ErrorNotice sentence={problem} onRetry={() => go(typed === '' ? null : typed)} />
      )}
      <ul className={styles['list']} aria-label={`In ${dir}`}>
        {shown.map((entry) => (
          <Row
            key={entry.path}
            entry={entry}
            checkable={kind === 'files' && entry.kind !== 'other'}
            checked={chosen.has(entry.path)}
            onToggle={() => toggle(entry)}
            onOpen={() => open(entry)}
          />
        ))}
        {listing !== null && shown.length === 0 ? (
          <li className={styles['none']}>
            {kind === 'folder' ? 'No folder in here.' : 'Nothing in here.'}
          </li>
        ) : null}
        {(listing?.more ?? 0) > 0 ? (
          <li className={styles['none']}>
            {formatCount(listing?.more ?? 0, 'more entry', 'more entries')}: type the path above.
          </li>
        ) : null}
      </ul>
      {kind === 'save' ? <TextField label="File name" mono value={name} onValue={setName} /> : null}
      <div className={styles['foot']}>
        <Checkbox label="Show hidden" checked={showHidden} onChecked={setShowHidden} />
        <span className={styles['actions']}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={action.paths === null}
            onClick={() => (action.paths === null ? undefined : finish(action.paths))}
          >
            {action.words}
          </Button>
        </span>
      </div>
    </div>
  )
}

interface RowProps {
  readonly entry: FileEntry
  readonly checkable: boolean
  readonly checked: boolean
  readonly onToggle: () => void
  readonly onOpen: () => void
}

function Row({ entry, checkable, checked, onToggle, onOpen }: RowProps) {
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || !checkable) return
    event.preventDefault()
    onToggle()
  }
  return (
    <li className={checked ? styles['on'] : styles['row']}>
      {checkable ? (
        <input
          type="checkbox"
          className={styles['check']}
          aria-label={`Choose ${entry.name}`}
          checked={checked}
          onChange={onToggle}
        />
      ) : null}
      <button
        type="button"
        className={styles['name']}
        disabled={entry.kind === 'other'}
        onClick={entry.kind === 'folder' ? onOpen : onToggle}
        onDoubleClick={onOpen}
        onKeyDown={keys}
      >
        {entry.kind === 'folder' ? (
          <Folder size={14} aria-hidden />
        ) : (
          <File size={14} aria-hidden />
        )}
        <span>{entry.name}</span>
      </button>
      <span className={styles['size']}>{entry.bytes === null ? '' : formatBytes(entry.bytes)}</span>
    </li>
  )
}

function pickAction(
  kind: PathPickerProps['kind'],
  dir: string,
  chosen: readonly string[],
  name: string,
): { readonly words: string; readonly paths: readonly string[] | null } {
  if (kind === 'folder') return { words: 'Choose this folder', paths: dir === '' ? null : [dir] }
  if (kind === 'save') {
    const at = `${dir.replace(/[/\\]$/, '')}/${name.trim()}`
    return { words: 'Save here', paths: dir === '' || name.trim() === '' ? null : [at] }
  }
  return {
    words: chosen.length > 1 ? `Choose ${chosen.length}` : 'Choose',
    paths: chosen.length === 0 ? null : chosen,
  }
}
