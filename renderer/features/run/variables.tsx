import { Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { looksSecret } from './check-draft.ts'
import styles from './fields.module.css'
import { useRun, useRunParts } from './run-context.ts'

/** Environment variables of the job. Values that look secret belong to the keychain. */
export function Variables() {
  const { store } = useRunParts()
  const env = useRun((state) => state.draft.env)
  const problems = useRun((state) => state.problems)
  const set = (index: number, change: { name?: string; value?: string }): void =>
    store.edit({ env: env.map((one, at) => (at === index ? { ...one, ...change } : one)) })
  return (
    <>
      {env.map((variable, index) => (
        // A variable is its place in the list: its name changes while it is typed.
        <div key={index} className={styles['variable']}>
          <TextField
            label={`Name of variable ${index + 1}`}
            hideLabel
            mono
            placeholder="NAME"
            value={variable.name}
            error={problems[`env.${index}`] ?? null}
            onValue={(name) => set(index, { name })}
          />
          <TextField
            label={`Value of variable ${index + 1}`}
            hideLabel
            mono
            placeholder="value"
            value={variable.value}
            hint={
              looksSecret(variable.name)
                ? 'This looks like a secret: add it below instead, so that it stays in the keychain.'
                : undefined
            }
            onValue={(value) => set(index, { value })}
          />
          <IconButton
            label={`Remove variable ${variable.name === '' ? index + 1 : variable.name}`}
            icon={<X />}
            onClick={() => store.edit({ env: env.filter((_, at) => at !== index) })}
          />
        </div>
      ))}
      <div className={styles['end']}>
        <Button
          icon={<Plus />}
          onClick={() => store.edit({ env: [...env, { name: '', value: '' }] })}
        >
          Add a variable
        </Button>
      </div>
    </>
  )
}
