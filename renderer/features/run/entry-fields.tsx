import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './fields.module.css'
import { useRun, useRunParts } from './run-context.ts'

/** What is started and what goes along, where detection got it wrong. */
export function EntryFields() {
  const { store, pick } = useRunParts()
  const draft = useRun((state) => state.draft)
  const problems = useRun((state) => state.problems)
  const choose = async (field: 'script' | 'code', kind: 'files' | 'folder'): Promise<void> => {
    const title = field === 'script' ? 'Choose the script to run' : 'Choose the code folder'
    const paths = await pick({
      kind,
      title,
      ...(draft.baseDir === '' ? {} : { defaultPath: draft.baseDir }),
    })
    if (paths?.[0] !== undefined) store.edit({ [field]: paths[0] })
  }
  return (
    <div className={styles['stack']}>
      <div className={styles['picked']}>
        <TextField
          label="Script or folder"
          mono
          value={draft.script}
          onValue={(script) => store.edit({ script })}
        />
        <Button onClick={() => void choose('script', 'files')}>Choose</Button>
      </div>
      <TextField
        label="Arguments"
        mono
        placeholder="--epochs 30"
        value={draft.args}
        error={problems['args'] ?? null}
        disabled={draft.command.trim() !== ''}
        hint={draft.command.trim() === '' ? undefined : 'A command holds its arguments itself.'}
        onValue={(args) => store.edit({ args })}
      />
      <TextField
        label="Command, where it is not just the script"
        mono
        placeholder="python3 -m mypackage"
        value={draft.command}
        onValue={(command) => store.edit({ command })}
      />
      <div className={styles['picked']}>
        <TextField
          label="Code folder"
          mono
          placeholder="found from the script"
          hint="What goes along with the script as the work folder."
          value={draft.code}
          onValue={(code) => store.edit({ code })}
        />
        <Button onClick={() => void choose('code', 'folder')}>Choose</Button>
      </div>
    </div>
  )
}
