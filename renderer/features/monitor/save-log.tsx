import { Download } from 'lucide-react'
import { useState } from 'react'
import { toSubletError } from '../../../main/domain/errors.ts'
import { formatBytes } from '../../../main/domain/format.ts'
import { useApp } from '../../app/app-context.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextField } from '../../ui/text-field.tsx'

/** Saves all of the log, byte for byte, as a file on this computer. */
export function SaveLog({ jobId }: { readonly jobId: string }) {
  const { engine, host, jobs, toaster } = useApp()
  const [open, setOpen] = useState(false)
  const [path, setPath] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{
    readonly sentence: string
    readonly exists: boolean
  } | null>(null)
  const suggested = (): string => {
    const job = jobs.getState().jobs?.get(jobId)
    return job === undefined ? `~/${jobId}.log` : `${job.outputDir}.log`
  }
  const save = async (to: string, replace: boolean): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      const saved = await engine.api.logs.save({ jobId, path: to, replace })
      toaster.add({ title: `Saved ${formatBytes(saved.bytes)}`, description: saved.path })
      setOpen(false)
    } catch (thrown) {
      const error = toSubletError(thrown)
      setProblem({ sentence: error.message, exists: error.code === 'conflict' })
      setOpen(true)
    } finally {
      setBusy(false)
    }
  }
  const begin = async (): Promise<void> => {
    setPath(suggested())
    setProblem(null)
    if (host.native === null) {
      setOpen(true)
      return
    }
    const options = { kind: 'save', title: 'Save the log', defaultPath: suggested() } as const
    const [chosen] = (await host.native.pick(options)) ?? []
    if (chosen === undefined) return
    setPath(chosen)
    // The system's own dialog has asked already whether to replace.
    await save(chosen, true)
  }
  return (
    <>
      <IconButton label="Save all of the log" icon={<Download />} onClick={() => void begin()} />
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Save the log"
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              look="primary"
              busy={busy}
              disabled={path.trim() === ''}
              onClick={() => void save(path, problem?.exists === true)}
            >
              {problem?.exists === true ? 'Replace' : 'Save'}
            </Button>
          </>
        }
      >
        <TextField
          label="File on this computer"
          mono
          value={path}
          onValue={(next) => {
            setPath(next)
            setProblem(null)
          }}
        />
        {problem === null ? null : <ErrorNotice sentence={problem.sentence} />}
      </Dialog>
    </>
  )
}
