import { useRef, useState, type ReactNode } from 'react'
import type { PickOptions } from '../../preload/api.ts'
import { PathPicker } from '../ui/path-picker.tsx'
import { useApp } from './app-context.ts'

export interface Picker {
  /** Null when the user closes the dialog without choosing. */
  readonly pick: (options: PickOptions) => Promise<readonly string[] | null>
  /** The in-app dialog; render it once. */
  readonly dialog: ReactNode
}

interface Request {
  readonly options: PickOptions
  readonly answer: (paths: readonly string[] | null) => void
}

/** Chooses paths of this computer: the system's dialog on the desktop, one of ours in a browser. */
export function usePicker(): Picker {
  const { host, engine } = useApp()
  const [request, setRequest] = useState<Request | null>(null)
  const picked = useRef<readonly string[] | null>(null)
  const { native } = host
  const pick: Picker['pick'] = (options) => {
    if (native !== null) return native.pick(options)
    return new Promise((answer) => {
      picked.current = null
      setRequest({ options, answer })
    })
  }
  const close = (): void => {
    request?.answer(picked.current)
    setRequest(null)
  }
  const dialog =
    request === null ? null : (
      <PathPicker
        open
        title={request.options.title}
        kind={request.options.kind}
        {...startOf(request.options)}
        list={(dir) => engine.api.files.list({ dir })}
        onPick={(paths) => {
          picked.current = paths
        }}
        onClose={close}
      />
    )
  return { pick, dialog }
}

function startOf({ kind, defaultPath }: PickOptions): { startDir?: string; fileName?: string } {
  if (defaultPath === undefined || defaultPath === '')
    return kind === 'save' ? { fileName: 'sublet.yaml' } : {}
  if (kind !== 'save') return { startDir: defaultPath }
  const cut = defaultPath.lastIndexOf('/')
  const fileName = defaultPath.slice(cut + 1)
  return cut > 0 ? { startDir: defaultPath.slice(0, cut), fileName } : { fileName }
}
