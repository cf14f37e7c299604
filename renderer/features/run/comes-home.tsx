import { useState } from 'react'
import type { ResultsWay } from '../../../preload/contract/bucket.ts'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Note } from '../../ui/error-notice.tsx'
import { Select, type Option } from '../../ui/select.tsx'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import styles from './fields.module.css'
import { useRun, useRunParts } from './run-context.ts'
import { readLines } from './read-fields.ts'

const ways: readonly Option<ResultsWay>[] = [
  {
    value: 'home',
    label: 'Straight from the machine',
    detail: 'It is kept until they are home.',
  },
  {
    value: 'bucket',
    label: 'By way of the bucket',
    detail: 'The machine goes once they are there.',
  },
  {
    value: 'auto',
    label: 'The bucket if home is slow',
    detail: 'When home would take over 30 minutes.',
  },
]

function summaryOf(way: ResultsWay, globs: readonly string[]): string {
  const words = [
    ...(way === 'home' ? [] : [way === 'bucket' ? 'by the bucket' : 'by the bucket if slow']),
    ...(globs.length === 0 ? [] : [`also ${globs.join(', ')}`]),
  ]
  return words.length === 0 ? 'folder, way home, more files' : words.join(' · ')
}

/** Where results go, which way, and what else of the work folder comes home. */
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
      <WayHome />
      <Disclosure
        title="Change"
        summary={summaryOf(draft.results, globs)}
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
          <Select
            label="They come home"
            value={draft.results}
            options={ways}
            hint="The bucket is set in Settings."
            onValue={(results) => store.edit({ results })}
          />
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

/** What the engine says of the way home: that it takes long, or that there is no bucket. */
function WayHome() {
  const proposal = useRun((state) => (state.proposal.error === null ? state.proposal.value : null))
  const understood = useRun((state) => state.understanding.value)
  if (proposal === null || understood === null) return null
  const told = new Set([
    ...understood.warnings,
    ...proposal.sources.map(({ sentence }) => sentence),
    proposal.budgetLimit?.sentence,
  ])
  return proposal.warnings
    .filter((warning) => !told.has(warning))
    .map((warning) => (
      <Note key={warning} warn>
        {warning}
      </Note>
    ))
}
