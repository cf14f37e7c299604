import type { Understanding } from '../../../preload/contract/understanding.ts'
import { formatBytes, formatCount } from '../../../main/domain/format.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import styles from './excluded-list.module.css'

const named = 3

/** What stays on this computer, the largest first, each with the rule that keeps it here. */
export function ExcludedList({ understanding }: { readonly understanding: Understanding }) {
  const { excluded, excludedBytes } = understanding
  if (excluded.length === 0) return null
  const some = excluded.slice(0, named).map((one) => `${one.path} (${formatBytes(one.bytes)})`)
  const more = excluded.length - named
  const summary = `${some.join(', ')}${more > 0 ? ` and ${formatCount(more, 'other')}` : ''}`
  return (
    <Disclosure title="Stays here:" summary={summary}>
      <table className={styles['table']}>
        <caption className={styles['caption']}>
          {formatBytes(excludedBytes)} in all. To send something all the same, name it as data.
        </caption>
        <thead>
          <tr>
            <th scope="col">File or folder</th>
            <th scope="col">Size</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {excluded.map((one) => (
            <tr key={one.path}>
              <td className={styles['path']}>{one.path}</td>
              <td className={styles['size']}>{formatBytes(one.bytes)}</td>
              <td>{one.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Disclosure>
  )
}
