import type { EditorRoute } from '../../../preload/contract/job-actions.ts'
import type { SubletError } from '../../../main/domain/errors.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import styles from './connections.module.css'

/** Asked once for each computer: ssh has to read the hosts that Sublet writes down. */
export function EditorDialog({
  route,
  busy,
  problem,
  onAdd,
  onClose,
}: {
  readonly route: EditorRoute | null
  readonly busy: boolean
  readonly problem: SubletError | null
  readonly onAdd: () => void
  readonly onClose: () => void
}) {
  return (
    <Dialog
      open={route !== null}
      onClose={onClose}
      title="Let VS Code find the machine"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={busy} onClick={onAdd}>
            Add the line and open
          </Button>
        </>
      }
    >
      {route === null ? null : (
        <>
          <p>
            VS Code reaches machines through your own SSH configuration. It needs one line at the
            top of <code>{route.userConfigFile}</code>, once:
          </p>
          <div className={styles['line']}>
            <code>{route.includeLine}</code>
            <CopyButton text={route.includeLine} label="Copy the line" />
          </div>
          <p>
            The file that it names holds a host for each job with a machine, and no keys. This job
            is <code>{route.alias}</code>.
          </p>
        </>
      )}
      {problem === null ? null : <ErrorNotice sentence={problem.message} />}
    </Dialog>
  )
}
