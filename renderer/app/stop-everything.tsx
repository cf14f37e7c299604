import { useState } from 'react'
import { useStore } from 'zustand'
import { formatCount, formatMicrosPerHour } from '../../main/domain/format.ts'
import { Checkbox } from '../ui/checkbox.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { useApp } from './app-context.ts'

/** Stops all jobs and gives every machine of ours back, results first unless told otherwise. */
export function StopEverything({
  open,
  onClose,
}: {
  readonly open: boolean
  readonly onClose: () => void
}) {
  const { engine, overview: store, toaster } = useApp()
  const overview = useStore(store, (state) => state.overview)
  const [discard, setDiscard] = useState(false)
  const machines = overview?.machines.length ?? 0
  const jobs = overview?.activeJobs ?? 0
  const burn =
    (overview?.spend.burnMicrosPerHour ?? 0) + (overview?.practice.burnMicrosPerHour ?? 0)
  const stop = async (): Promise<void> => {
    const stopped = await engine.api.jobs.stopAll({ discard })
    toaster.add({
      title: 'Stopping everything',
      description: `${formatCount(stopped.jobs, 'job')} and ${formatCount(stopped.rentals, 'machine')}. Each is done when its receipt is in.`,
    })
  }
  return (
    <Confirm
      open={open}
      onClose={() => {
        setDiscard(false)
        onClose()
      }}
      title="Stop everything?"
      action={discard ? 'Discard results and stop' : 'Collect results and stop'}
      danger
      onConfirm={stop}
    >
      <p>
        {formatCount(jobs, 'job')} and {formatCount(machines, 'machine')} at{' '}
        {formatMicrosPerHour(burn)} in all. Results come home first, then the machines go back.
        Machines that Sublet did not rent are left alone.
      </p>
      <p style={{ marginTop: 10 }}>
        <Checkbox
          label="Do not collect results"
          hint="Faster; what has not come home yet is lost."
          checked={discard}
          onChecked={setDiscard}
        />
      </p>
    </Confirm>
  )
}
