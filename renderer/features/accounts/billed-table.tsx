import { formatMicrosPerHour, formatMicrosPerMonth } from '../../../main/domain/format.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import table from '../../ui/data-table.module.css'
import { Tag } from '../../ui/tag.tsx'
import { Age, ClockTime } from '../../ui/time.tsx'
import type { MachineRow } from './accounts-store.ts'
import accounts from './accounts.module.css'
import styles from './billed.module.css'
import { keyOf, type BilledGroup } from './billed-groups.ts'
import { OutsideLink } from './outside-link.tsx'

/** Everything that costs money, by what it is there for. */
export function BilledTable({
  groups,
  onRelease,
}: {
  readonly groups: readonly BilledGroup[]
  readonly onRelease: (row: MachineRow) => void
}) {
  return (
    <table className={`${table['table']} ${table['top']}`} aria-label="Everything that costs money">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Account</th>
          <th scope="col">State</th>
          <th scope="col">Since</th>
          <th scope="col" className={table['num']}>
            Price
          </th>
          <th scope="col" aria-label="Actions" />
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.use}>
          <tr className={styles['group']}>
            <th scope="rowgroup" colSpan={6}>
              <b className={group.use === 'unused' ? styles['bad'] : undefined}>{group.title}</b>
              <span className={styles['dim']}>{group.sum}</span>
            </th>
          </tr>
          {group.rows.map((row) => (
            <Row key={keyOf(row)} row={row} onRelease={onRelease} />
          ))}
        </tbody>
      ))}
    </table>
  )
}

function Row({
  row,
  onRelease,
}: {
  readonly row: MachineRow
  readonly onRelease: (row: MachineRow) => void
}) {
  const { microsPerHour, microsPerMonth, createdAt, releasing } = row
  return (
    <tr>
      <td>
        <div className={accounts['head']}>
          <Name row={row} />
          {row.kind === 'machine' ? null : <Tag>{row.kind.replace('-', ' ')}</Tag>}
          {row.simulated ? <Tag>practice</Tag> : null}
          {releasing?.red === true ? <Tag tone="bad">not proven gone</Tag> : null}
        </div>
        <div className={releasing?.red === true ? styles['trouble'] : styles['dim']}>
          {releasing === null ? (
            row.use === 'in-use' ? (
              <span className={accounts['mono']}>{row.rentalId}</span>
            ) : (
              row.releaseSentence
            )
          ) : (
            <>
              Being released since <ClockTime at={releasing.since} />. {releasing.sentence}
            </>
          )}
        </div>
      </td>
      <td className={table['once']}>
        {row.accountName}
        <div className={styles['dim']}>{row.region}</div>
      </td>
      <td>
        {row.state}
        {row.fetchedAt === null ? <div className={styles['dim']}>not listed</div> : null}
      </td>
      <td className={table['once']}>{createdAt === null ? 'not said' : <Age at={createdAt} />}</td>
      <td className={table['num']}>
        {microsPerHour === null ? 'unknown' : formatMicrosPerHour(microsPerHour)}
        {microsPerMonth === null ? null : (
          <div className={styles['dim']}>{formatMicrosPerMonth(microsPerMonth)}</div>
        )}
      </td>
      <td className={table['act']}>
        <Action row={row} onRelease={onRelease} />
      </td>
    </tr>
  )
}

function Name({ row }: { readonly row: MachineRow }) {
  const { router } = useApp()
  const { jobId, jobName, name, nativeId } = row
  if (!row.ours || jobId === null) {
    return <span className={accounts['name']}>{name || nativeId}</span>
  }
  return (
    <a
      href={`#/jobs/${encodeURIComponent(jobId)}`}
      onClick={(event) => {
        event.preventDefault()
        router.go({ page: 'job', jobId, params: {} })
      }}
    >
      {jobName ?? jobId}
    </a>
  )
}

function Action({
  row,
  onRelease,
}: {
  readonly row: MachineRow
  readonly onRelease: (row: MachineRow) => void
}) {
  const called = row.jobName ?? (row.name || row.nativeId)
  const link =
    row.link === null ? null : <OutsideLink href={row.link}>Open the provider</OutsideLink>
  if (row.release === 'elsewhere') {
    return link ?? <span className={styles['dim']}>at the provider</span>
  }
  // It is asked for again without end; all that the user can do is at the provider.
  if (row.releasing !== null) return row.releasing.red ? link : null
  return (
    <Button look="stop" aria-label={`Release ${called}`} onClick={() => onRelease(row)}>
      Release…
    </Button>
  )
}
