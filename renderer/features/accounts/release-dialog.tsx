import { nameToType } from '../../../main/domain/radar/judge.ts'
import { priceWords } from '../../../main/domain/radar/notices.ts'
import { Confirm } from '../../ui/confirm.tsx'
import type { MachineRow } from './accounts-store.ts'

/** Asks before something is ended: ours with a yes, anything else with its name typed. */
export function ReleaseDialog({
  row,
  onClose,
  onConfirm,
}: {
  readonly row: MachineRow | null
  readonly onClose: () => void
  readonly onConfirm: (row: MachineRow, typedName: string) => Promise<void>
}) {
  if (row === null) return null
  const ours = row.release === 'now'
  const name = nameToType(row)
  return (
    <Confirm
      open
      onClose={onClose}
      title={ours ? `Release the machine of ${row.jobName ?? name}?` : `Release ${name}?`}
      action="Release"
      danger
      {...(ours ? {} : { typed: name })}
      onConfirm={() => onConfirm(row, name)}
    >
      {ours ? (
        'Its job stops; what it has made so far comes home first, then the machine goes back.'
      ) : (
        <>
          <p>{row.releaseSentence}</p>
          <p style={{ marginTop: 10 }}>
            On {row.accountName}, {row.region}: {priceWords(row)}. Its id is {row.nativeId}.
          </p>
        </>
      )}
    </Confirm>
  )
}
