import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import type { AccountsStore, AccountSummary } from './accounts-store.ts'

export interface RenameAccountProps {
  readonly open: boolean
  readonly account: Pick<AccountSummary, 'id' | 'name'>
  readonly store: AccountsStore
  readonly onClose: () => void
}

/** Asks for another name; what is refused is said beside the field. */
export function RenameAccount({ open, account, store, onClose }: RenameAccountProps) {
  const [name, setName] = useState(account.name)
  const { busy, problem, setProblem, attempt } = useAttempt()
  const close = (): void => {
    setName(account.name)
    setProblem(null)
    onClose()
  }
  const rename = async (): Promise<void> => {
    if (await attempt(() => store.rename(account.id, name))) onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={`Rename ${account.name}`}
      width="narrow"
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={name.trim() === ''}
            onClick={() => void rename()}
          >
            Rename
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void rename()
        }}
      >
        <TextField
          label="Name"
          value={name}
          error={problem}
          onValue={(next) => {
            setName(next)
            setProblem(null)
          }}
        />
      </form>
    </Dialog>
  )
}
