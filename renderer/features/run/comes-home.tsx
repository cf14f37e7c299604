import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import styles from './fields.module.css'
import { useRun, useRunParts } from './run-context.ts'
import { readLines } from './read-fields.ts'

/** Where results go, and what else of the work folder comes home. */
export function ComesHome() {
  const { store, pick } = useRunParts()
  const draft = useRun((state) => state.draft)
  const outputDir = useRun((state) => state.understanding.value?.spec.outputDir)
  const [open, setOpen] = useState(false)
  const choose = async (): Promise<void> => {
    const paths = await pick({
      kind: 'folder',
      title: 'Choose where results go',
      ...(draft.baseDir === '' ? {} : { defaultPath: draft.baseDir }),
    })
    if (paths?.[0] !== undefined) store.edit({ output: paths[0] })
  }
  const globs = readLines(draft.outputs)
  return (
    <div className={styles['stack']}>
      <p className={styles['sub']}>
        Everything that the job makes or changes comes home while it runs, checked by hash before
        the machine goes{outputDir === undefined ? '.' : ', to '}
        {outputDir === undefined ? null : <code>{outputDir}</code>}
      </p>
      <Disclosure
        title="Change"
        summary={globs.length === 0 ? 'folder, more files' : `also ${globs.join(', ')}`}
        open={open}
        onOpen={setOpen}
      >
        <div className={styles['stack']}>
          <div className={styles['picked']}>
            <TextField
              label="Results go to"
              mono
              placeholder={outputDir ?? 'a folder of its own'}
              hint="The folder is Sublet's: files of an earlier run there are replaced."
              value={draft.output}
              onValue={(output) => store.edit({ output })}
            />
            <Button onClick={() => void choose()}>Choose</Button>
          </div>
          <TextArea
            label="More files of the work folder, a pattern a line"
            mono
            rows={2}
            placeholder={'checkpoints/**\n*.png'}
            value={draft.outputs}
            onValue={(outputs) => store.edit({ outputs })}
          />
        </div>
      </Disclosure>
    </div>
  )
}
