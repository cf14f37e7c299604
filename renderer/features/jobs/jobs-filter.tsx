import { Select } from '../../ui/select.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './jobs-filter.module.css'
import { stateChoices, type JobFilter } from './list-rows.ts'

const anyProject = ':any'

/** What narrows the list: words, a state, a project where there are any. */
export function JobsFilter({
  filter,
  projects,
  onFilter,
}: {
  readonly filter: JobFilter
  readonly projects: readonly string[]
  readonly onFilter: (filter: JobFilter) => void
}) {
  return (
    <div className={styles['filter']}>
      {projects.length === 0 ? null : (
        <div className={styles['project']}>
          <Select
            label="Project"
            hideLabel
            value={filter.project ?? anyProject}
            options={[
              { value: anyProject, label: 'All projects' },
              ...projects.map((name) => ({ value: name, label: name })),
            ]}
            onValue={(project) =>
              onFilter({ ...filter, project: project === anyProject ? null : project })
            }
          />
        </div>
      )}
      <Segmented
        label="State"
        value={filter.state}
        options={stateChoices.map((value) => ({ value, label: capitalised(value) }))}
        onValue={(state) => onFilter({ ...filter, state })}
      />
      <div className={styles['text']}>
        <TextField
          label="Filter jobs"
          hideLabel
          type="search"
          placeholder="Filter"
          value={filter.text}
          onValue={(text) => onFilter({ ...filter, text })}
        />
      </div>
    </div>
  )
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}
