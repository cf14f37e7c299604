import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import type { JobSummary } from '../../../preload/contract/job.ts'
import { formatMicros } from '../../../main/domain/format.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { ClockTime } from '../../ui/time.tsx'
import styles from './extend-dialog.module.css'
import { createExtender, extensionChoices, type Extender } from './extender.ts'

/** Asks for a later end; closes only once it was read back from the machine. */
export function ExtendDialog({
  job,
  onClose,
}: {
  readonly job: JobSummary
  readonly onClose: () => void
}) {
  const { engine, toaster } = useApp()
  const extender = useMemo(() => createExtender(engine.api, job.id), [engine, job.id])
  useEffect(() => {
    extender.open()
    return extender.close
  }, [extender])
  const { extension, problem, busy, neededMicros, raisesBudget } = useStore(extender.store)
  const confirm = async (): Promise<void> => {
    const sentence = await extender.confirm()
    if (sentence === null) return
    toaster.add({ title: `${job.name} may run longer`, description: sentence })
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Extend ${job.name}`}
      width="narrow"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={extension === null}
            onClick={() => void confirm()}
          >
            {busy ? 'Telling the machine' : 'Extend'}
          </Button>
        </>
      }
    >
      <HowLong extender={extender} />
      <div className={styles['answer']} aria-live="polite">
        {extension === null ? null : (
          <p>
            Ends at <ClockTime at={extension.endBy} /> at the latest, instead of{' '}
            <ClockTime at={extension.fromEndBy} />. Costs at most{' '}
            <b>{formatMicros(extension.moreMicros)}</b> more: at most{' '}
            {formatMicros(extension.ceiling.micros)} in all.
          </p>
        )}
        {neededMicros === null ? null : (
          <Checkbox
            label={`Raise the budget to ${formatMicros(neededMicros)}`}
            checked={raisesBudget}
            onChecked={extender.setRaisesBudget}
          />
        )}
        {problem === null ? null : <ErrorNotice sentence={problem.message} />}
      </div>
    </Dialog>
  )
}

function HowLong({ extender }: { readonly extender: Extender }) {
  const text = useStore(extender.store, (state) => state.text)
  return (
    <div className={styles['long']}>
      <div className={styles['choices']}>
        {extensionChoices.map((choice) => (
          <Button
            key={choice}
            aria-pressed={text === choice}
            onClick={() => extender.setText(choice)}
          >
            {choice}
          </Button>
        ))}
      </div>
      <TextField
        label="How much longer"
        hint="For example 90m, 2h or 1d12h"
        value={text}
        onValue={extender.setText}
      />
    </div>
  )
}
