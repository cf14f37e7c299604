import { Disclosure } from '../../ui/disclosure.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import { summaries } from './advanced-summary.ts'
import type { Draft } from './draft.ts'
import styles from './fields.module.css'
import { useRun, useRunParts } from './run-context.ts'
import { Secrets } from './secrets.tsx'
import { Variables } from './variables.tsx'

/** The fields that are one line of text. */
type TextKey =
  | 'image'
  | 'keepWarm'
  | 'disk'
  | 'retries'
  | 'grace'
  | 'afterExit'
  | 'name'
  | 'project'

const signals: readonly { value: Draft['checkpoint']; label: string }[] = [
  { value: '', label: 'None' },
  { value: 'USR1', label: 'SIGUSR1' },
  { value: 'USR2', label: 'SIGUSR2' },
  { value: 'INT', label: 'SIGINT' },
  { value: 'TERM', label: 'SIGTERM' },
]

/** What is rarely changed, each fold with what is set in it. */
export function AdvancedFolds() {
  const { store } = useRunParts()
  const draft = useRun((state) => state.draft)
  const problems = useRun((state) => state.problems)
  const said = summaries(draft)
  const text = (
    key: TextKey,
    label: string,
    more: { placeholder?: string; hint?: string } = {},
  ) => (
    <TextField
      label={label}
      {...more}
      value={draft[key]}
      error={problems[key] ?? null}
      onValue={(value) => store.edit({ [key]: value })}
    />
  )
  const lines = (key: 'setup' | 'before' | 'after', label: string, hint: string) => (
    <TextArea
      label={label}
      hint={hint}
      mono
      rows={2}
      value={draft[key]}
      onValue={(value) => store.edit({ [key]: value })}
    />
  )
  return (
    <div className={styles['folds']}>
      <Disclosure title="Variables and secrets" summary={said.variables}>
        <div className={styles['stack']}>
          <Variables />
          <Secrets />
        </div>
      </Disclosure>
      <Disclosure title="Environment and set-up" summary={said.environment}>
        <div className={styles['stack']}>
          {text('image', 'Container image', {
            placeholder: 'none: runs on the machine itself',
          })}
          {lines(
            'setup',
            'Set-up on the machine, a command a line',
            'Done once per machine and content.',
          )}
        </div>
      </Disclosure>
      <Disclosure title="Steps on this computer" summary={said.local}>
        <div className={styles['stack']}>
          {lines('before', 'Before, a command a line', 'Runs before the inputs are frozen.')}
          {lines('after', 'After, a command a line', 'Runs when the results are home.')}
        </div>
      </Disclosure>
      <Disclosure title="Machine and interruptions" summary={said.machine}>
        <div className={styles['pair']}>
          {text('keepWarm', 'Keep warm for the next job', { placeholder: 'after a failure only' })}
          {text('disk', 'Least free disk', { placeholder: 'what it needs' })}
          {text('retries', 'Restarts after an interruption', { placeholder: '3' })}
          <Select
            label="Checkpoint signal"
            value={draft.checkpoint}
            options={signals}
            onValue={(checkpoint) => store.edit({ checkpoint })}
          />
          {text('grace', 'Time to stop by itself', { placeholder: '30 s' })}
          {text('afterExit', 'Hold results that are not home', { placeholder: '2 h' })}
        </div>
      </Disclosure>
      <Disclosure title="Name and project" summary={said.name}>
        <div className={styles['pair']}>
          {text('name', 'Name', { placeholder: 'from the script' })}
          {text('project', 'Project', { placeholder: 'none' })}
        </div>
      </Disclosure>
    </div>
  )
}
