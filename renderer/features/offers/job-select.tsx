import { ChevronDown } from 'lucide-react'
import { useStore } from 'zustand'
import type { JobSummary } from '../../../preload/contract/job.ts'
import type { JobId } from '../../../preload/contract/job-state.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'

const mostJobs = 12

/** Chooses the job whose cost to finish is reckoned on each offer: the newest of each name. */
export function JobSelect(props: {
  readonly value: JobId | null
  readonly onValue: (jobId: JobId | null) => void
}) {
  const { value, onValue } = props
  const { jobs } = useStore(useApp().jobs)
  const choices = newestOfEachName([...(jobs?.values() ?? [])])
  const chosen = choices.find(({ id }) => id === value)
  return (
    <Menu
      trigger={
        <Button look="quiet" icon={<ChevronDown />}>
          {chosen === undefined ? 'Cost to finish' : `Cost to finish: ${chosen.name}`}
        </Button>
      }
      entries={[
        { kind: 'heading', label: 'What would finishing this job again cost on each offer?' },
        ...choices.map(({ id, name }) => ({
          kind: 'check' as const,
          label: name,
          checked: id === value,
          onChange: (checked: boolean) => onValue(checked ? id : null),
        })),
        ...(choices.length === 0
          ? [{ kind: 'heading' as const, label: 'No job has run yet: run one first.' }]
          : []),
      ]}
    />
  )
}

function newestOfEachName(jobs: readonly JobSummary[]): JobSummary[] {
  const byName = new Map<string, JobSummary>()
  for (const job of jobs.toSorted((a, b) => b.createdAt - a.createdAt)) {
    if (!byName.has(job.name)) byName.set(job.name, job)
  }
  return [...byName.values()].slice(0, mostJobs)
}
