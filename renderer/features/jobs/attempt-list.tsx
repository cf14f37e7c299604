import type { JobDetail } from '../../../preload/contract/job.ts'
import { ClockTime } from '../../ui/time.tsx'
import facts from '../../ui/facts.module.css'
import styles from './job-details.module.css'

/** The tries of the job, each on one machine. */
export function AttemptList({ attempts }: { readonly attempts: JobDetail['attempts'] }) {
  if (attempts.length === 0) return <p className={facts['dim']}>No machine has been chosen yet.</p>
  return (
    <table className={styles['grid']}>
      <thead>
        <tr>
          <th scope="col">Began</th>
          <th scope="col">Offer</th>
          <th scope="col">Rental</th>
          <th scope="col">GPUs</th>
          <th scope="col" className={styles['number']}>
            Exit code
          </th>
        </tr>
      </thead>
      <tbody>
        {attempts.map(({ id, startedAt, offerId, rentalId, exitCode, gpuIndices }) => (
          <tr key={id}>
            <td>
              <ClockTime at={startedAt} seconds />
            </td>
            <td>
              <code>{offerId ?? 'none'}</code>
            </td>
            <td>
              <code>{rentalId ?? 'none'}</code>
            </td>
            <td>{gpuIndices === null ? 'all' : gpuIndices.join(', ') || 'none'}</td>
            <td className={styles['number']}>{exitCode ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
