import { Dialog } from '@base-ui/react/dialog'
import { useEffect, useId, useState, type KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import { useApp } from './app-context.ts'
import { matching, paletteCommands, type Command } from './palette-commands.ts'
import styles from './palette.module.css'

export interface PaletteProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly onStopEverything: () => void
}

/** Every page, job and action by a few typed letters. */
export function Palette({ open, onClose, onStopEverything }: PaletteProps) {
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup className={styles['popup']} aria-label="Search pages, jobs and commands">
          <PaletteBody onClose={onClose} onStopEverything={onStopEverything} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function PaletteBody({ onClose, onStopEverything }: Omit<PaletteProps, 'open'>) {
  const app = useApp()
  const jobs = useStore(app.jobs, (state) => state.jobs)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const list = useId()
  const found = matching(paletteCommands(app, jobs, { onStopEverything }), text)
  const chosen = found[Math.min(at, found.length - 1)]
  useEffect(() => {
    document.getElementById(`${list}-${chosen?.id ?? ''}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen?.id, list])
  const run = (command: Command | undefined): void => {
    if (command === undefined) return
    onClose()
    command.run()
  }
  const take = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
    const step = steps[event.key]
    if (step !== undefined) setAt((at + step + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter') run(chosen)
    else return
    event.preventDefault()
  }
  return (
    <>
      <input
        className={styles['input']}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-label="Search pages, jobs and commands"
        aria-activedescendant={chosen === undefined ? undefined : `${list}-${chosen.id}`}
        placeholder="Page, job or command"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={take}
      />
      <div id={list} role="listbox" aria-label="Found" className={styles['list']}>
        {found.map((command) => (
          <div
            key={command.id}
            id={`${list}-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={command === chosen}
            className={styles['option']}
            onPointerMove={() => setAt(found.indexOf(command))}
            onClick={() => run(command)}
            onKeyDown={take}
          >
            {command.label}
            <span className={styles['about']}>{command.about}</span>
          </div>
        ))}
        {found.length === 0 ? <p className={styles['none']}>Nothing is called that.</p> : null}
      </div>
    </>
  )
}
