import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { PathPicker } from '../ui/path-picker.tsx'
import { useApp } from './app-context.ts'

export interface PickPathButtonProps {
  readonly kind: 'files' | 'folder'
  /** The title of what opens, and the button's name for assistive technology. */
  readonly title: string
  /** Begins with hidden files in sight. */
  readonly hidden?: boolean
  /** The first of what was picked. */
  readonly onPick: (path: string) => void
}

/** Chooses a path on the engine's computer: by the system's dialog on the desktop, else by ours. */
export function PickPathButton({ kind, title, hidden = false, onPick }: PickPathButtonProps) {
  const { host, engine } = useApp()
  const [open, setOpen] = useState(false)
  const take = (paths: readonly string[] | null): void => {
    const first = paths?.[0]
    if (first !== undefined) onPick(first)
  }
  const choose = async (): Promise<void> => {
    if (host.native === null) setOpen(true)
    else take(await host.native.pick({ kind, title }))
  }
  return (
    <>
      <Button aria-label={title} onClick={() => void choose()}>
        Choose…
      </Button>
      <PathPicker
        open={open}
        onClose={() => setOpen(false)}
        title={title}
        kind={kind}
        hidden={hidden}
        list={(dir) => engine.api.files.list({ dir })}
        onPick={take}
      />
    </>
  )
}
