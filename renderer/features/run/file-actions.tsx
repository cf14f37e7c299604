import { useState } from 'react'
import { useStore } from 'zustand'
import { SubletError } from '../../../main/domain/errors.ts'
import { formatAge } from '../../../main/domain/format.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useNow } from '../../ui/now.ts'
import { hasWork } from './draft.ts'
import { latestOfEach } from './recent-jobs.ts'
import { useRun, useRunParts } from './run-context.ts'

/** Open, save, start from an earlier job, start over. */
export function FileActions() {
  const { jobs: jobsStore, toaster } = useApp()
  const { store, pick } = useRunParts()
  const jobs = useStore(jobsStore, (state) => state.jobs)
  const draft = useRun((state) => state.draft)
  const readable = useRun((state) => Object.keys(state.problems).length === 0)
  const canSave = readable && hasWork(draft)
  const [replacing, setReplacing] = useState<string | null>(null)
  const now = useNow()
  const recent = latestOfEach([...(jobs?.values() ?? [])])

  const open = async (): Promise<void> => {
    const paths = await pick({
      kind: 'files',
      title: 'Open a sublet.yaml',
      filters: [{ name: 'Job file', extensions: ['yaml', 'yml'] }],
      ...(draft.baseDir === '' ? {} : { defaultPath: draft.baseDir }),
    })
    if (paths !== null && paths[0] !== undefined) await store.takePaths([paths[0]])
  }
  const write = async (path: string, replace: boolean): Promise<void> => {
    await store.saveAs(path, replace)
    toaster.add({ title: 'Saved', description: path })
  }
  const save = async (): Promise<void> => {
    const paths = await pick({
      kind: 'save',
      title: 'Save as sublet.yaml',
      defaultPath: `${draft.baseDir === '' ? '' : `${draft.baseDir}/`}sublet.yaml`,
    })
    const path = paths?.[0]
    if (path === undefined) return
    try {
      await write(path, false)
    } catch (thrown) {
      const isThere = thrown instanceof SubletError && thrown.code === 'conflict'
      if (isThere) setReplacing(path)
      else toaster.add({ title: 'Not saved', description: messageOf(thrown), priority: 'high' })
    }
  }
  return (
    <>
      <Button look="quiet" onClick={() => void open()}>
        Open sublet.yaml
      </Button>
      <Button look="quiet" disabled={!canSave} onClick={() => void save()}>
        Save as
      </Button>
      <Menu
        trigger={
          <Button look="quiet" disabled={recent.length === 0}>
            From a recent job
          </Button>
        }
        entries={recent.map((job) => ({
          kind: 'item',
          label: job.name,
          detail: formatAge(job.createdAt, now),
          onSelect: () => void store.openTemplate(job.id),
        }))}
      />
      {hasWork(draft) || draft.data.length > 0 ? (
        <Button look="quiet" onClick={() => store.clear()}>
          Start over
        </Button>
      ) : null}
      <Confirm
        open={replacing !== null}
        onClose={() => setReplacing(null)}
        title="Replace this file?"
        action="Replace"
        onConfirm={() => write(replacing ?? '', true)}
      >
        {replacing} exists already. Its content will be this job.
      </Confirm>
    </>
  )
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
