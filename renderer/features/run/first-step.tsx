import { useState } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './first-step.module.css'
import { PickInputs } from './pick-inputs.tsx'
import { RunAgain } from './run-again.tsx'
import { useRun, useRunParts } from './run-context.ts'

/** Nothing is chosen yet: what can be dropped, how else to begin, and the demo for the first time. */
export function FirstStep() {
  const { store } = useRunParts()
  const problem = useRun((state) => state.takeProblem)
  const reading = useRun((state) => state.taking.kind === 'reading')
  const wanted = useRun((state) => state.draft.wantedOfferId)
  const isFirst = useStore(useApp().jobs, (state) => state.jobs?.size === 0)
  const [command, setCommand] = useState('')
  return (
    <div className={styles['start']}>
      {problem === null ? null : <ErrorNotice sentence={problem} />}
      {wanted === '' ? null : (
        <p className={styles['pinned']}>
          The machine that you chose is kept for this job: now choose what to run.{' '}
          <Button look="quiet" onClick={() => store.edit({ wantedOfferId: '' })}>
            Let go of it
          </Button>
        </p>
      )}
      <div className={styles['zone']}>
        <p className={styles['title']}>Drop a script, notebook, folder or data here</p>
        <p className={styles['words']}>
          Or a sublet.yaml. Sublet finds out how to run it and what it costs. Nothing is rented
          before you say Launch.
        </p>
        <div className={styles['actions']}>
          <PickInputs />
        </div>
      </div>
      {isFirst ? (
        <div className={styles['demo']}>
          <div>
            <b>First time here?</b> A small real training job on the practice cloud, from offer to
            receipt. Its machines are simulated on this computer: no money is spent.
          </div>
          <Button look="primary" busy={reading} onClick={() => void store.openDemo()}>
            Try the demo
          </Button>
        </div>
      ) : null}
      <form
        className={styles['command']}
        onSubmit={(event) => {
          event.preventDefault()
          store.edit({ command: command.trim() })
        }}
      >
        <TextField
          label="Or a command that needs no files"
          mono
          placeholder="nvidia-smi"
          value={command}
          onValue={setCommand}
        />
        <Button type="submit" disabled={command.trim() === ''}>
          Use it
        </Button>
      </form>
      <RunAgain />
    </div>
  )
}
