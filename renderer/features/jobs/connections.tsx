import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import type { JobSummary } from '../../../preload/contract/job.ts'
import type { EditorRoute } from '../../../preload/contract/job-actions.ts'
import { useApp } from '../../app/app-context.ts'
import type { Host } from '../../host.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import styles from './connections.module.css'
import { createConnections } from './connections-store.ts'
import { EditorDialog } from './editor-dialog.tsx'
import { hasMachine } from './job-state.ts'
import { PortForwards } from './port-forwards.tsx'
import { sshCommand } from './ssh-words.ts'

/** Ways to the machine while there is one: a shell, an editor, a port. */
export function Connections({ job }: { readonly job: JobSummary }) {
  const { engine, host } = useApp()
  const connections = useMemo(() => createConnections(engine, job.id), [engine, job.id])
  useEffect(() => () => connections.close(), [connections])
  const { editor, editorBusy, editorProblem } = useStore(connections.store)
  if (!hasMachine(job)) return null
  const openEditor = async (mayEditSshConfig: boolean): Promise<void> => {
    const route = await connections.openEditor(mayEditSshConfig)
    if (route !== null) await openUri(host, route)
  }
  return (
    <Section title="On the machine">
      <div className={styles['ways']}>
        <CopyButton
          label="Copy ssh command"
          words="Copy ssh"
          text={async () => sshCommand(await engine.api.jobs.ssh({ jobId: job.id }))}
        />
        <Button look="quiet" busy={editorBusy} onClick={() => void openEditor(false)}>
          VS Code
        </Button>
        <PortForwards connections={connections} />
      </div>
      {editorProblem === null || editor !== null ? null : (
        <ErrorNotice
          sentence={editorProblem.message}
          retrying={editorBusy}
          onRetry={() => void openEditor(false)}
        />
      )}
      <EditorDialog
        route={editor}
        busy={editorBusy}
        problem={editorProblem}
        onAdd={() => void openEditor(true)}
        onClose={connections.closeEditor}
      />
    </Section>
  )
}

async function openUri(host: Host, { uri }: EditorRoute): Promise<void> {
  if (host.native !== null) await host.native.openExternal(uri)
  else window.location.assign(uri)
}
