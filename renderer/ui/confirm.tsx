import { useState, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { TextField } from './text-field.tsx'
import { useAttempt } from './use-attempt.ts'

export interface ConfirmProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  /** The words of the button that does it. */
  readonly action: string
  readonly danger?: boolean
  /** What must be typed first, for what cannot be undone. */
  readonly typed?: string
  /** Does it; a failure is shown in the dialog and can be tried again. */
  readonly onConfirm: () => Promise<void>
}

/** Asks before something that costs or ends. Closes only when it has been done. */
export function Confirm(props: ConfirmProps) {
  const { open, onClose, title, children, action, danger = false, typed, onConfirm } = props
  const { busy, problem, setProblem, attempt } = useAttempt()
  const [text, setText] = useState('')
  const close = (): void => {
    setProblem(null)
    setText('')
    onClose()
  }
  const confirm = async (): Promise<void> => {
    if (await attempt(onConfirm)) close()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      width="narrow"
      description={children}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            look={danger ? 'danger' : 'primary'}
            busy={busy}
            disabled={typed !== undefined && text !== typed}
            onClick={() => void confirm()}
          >
            {action}
          </Button>
        </>
      }
    >
      {typed === undefined ? null : (
        <TextField label={`Type ${typed} to go on`} value={text} onValue={setText} />
      )}
      {problem === null ? null : <ErrorNotice sentence={problem} />}
    </Dialog>
  )
}
