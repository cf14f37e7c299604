import { X } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../../app/app-context.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './connections.module.css'
import { portOf, type Connections, type Forward } from './connections-store.ts'

/** A field for a port of the machine, and where each of them is reached here. */
export function PortForwards({ connections }: { readonly connections: Connections }) {
  const [text, setText] = useState('')
  const forwards = useStore(connections.store, (state) => state.forwards)
  const port = portOf(text)
  const open = (): void => {
    if (port === null) return
    connections.forward(port)
    setText('')
  }
  return (
    <div className={styles['ports']}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          open()
        }}
      >
        <TextField
          label="Port on the machine"
          hideLabel
          placeholder="Port, 8888"
          inputMode="numeric"
          value={text}
          onValue={setText}
        />
        <Button type="submit" disabled={port === null}>
          Forward
        </Button>
      </form>
      {forwards.map((forward) => (
        <ForwardLine key={forward.port} forward={forward} onDrop={connections.drop} />
      ))}
    </div>
  )
}

function ForwardLine({
  forward: { port, localPort, problem },
  onDrop,
}: {
  readonly forward: Forward
  readonly onDrop: (port: number) => void
}) {
  const { host } = useApp()
  const address = localPort === null ? null : `http://127.0.0.1:${localPort}`
  return (
    <span className={styles['port']} role="status">
      {address === null ? (
        `Port ${port}: ${problem ?? 'opening'}`
      ) : (
        <>
          {host.native === null ? (
            <a href={address} target="_blank" rel="noreferrer">
              127.0.0.1:{localPort}
            </a>
          ) : (
            <span>127.0.0.1:{localPort}</span>
          )}
          leads to port {port}
          {problem === null ? null : <span className={styles['problem']}>{problem}</span>}
          <CopyButton text={address} label={`Copy the address of port ${port}`} />
        </>
      )}
      <IconButton label={`Close port ${port}`} icon={<X />} onClick={() => onDrop(port)} />
    </span>
  )
}
