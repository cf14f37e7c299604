import { useStore } from 'zustand'
import { formatTime } from '../../../main/domain/format.ts'
import { ScrollBox } from '../../ui/scroll-box.tsx'
import type { ShownChart } from './chart-lines.ts'
import { sayValues } from './chart-specs.ts'
import styles from './chart-table.module.css'
import type { MonitorStore } from './monitor-store.ts'

/** Rows that a reader can take in. */
const mostRows = 40

/** The same figures as the charts, as text: means over equal steps of the range, newest first. */
export function ChartTable({
  store,
  charts,
}: {
  readonly store: MonitorStore
  readonly charts: readonly ShownChart[]
}) {
  useStore(store, (state) => state.version)
  const { ring } = store
  const step = Math.max(1, Math.ceil(ring.length / mostRows))
  const rows = Array.from({ length: Math.ceil(ring.length / step) }, (_, index) =>
    Math.max(0, ring.length - 1 - index * step),
  )
  return (
    <ScrollBox className={styles['scroll']} role="region" aria-label="Figures as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {charts.map(({ spec }) => (
              <th key={spec.key} scope="col">
                {spec.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={ring.timeAt(row)}>
              <th scope="row">
                {formatTime(ring.timeAt(row), { near: ring.lastAt, seconds: true })}
              </th>
              {charts.map(({ spec, lines }) => {
                const values = lines.map(({ column }) => ring.mean(column, row))
                const known = values.some((value) => !Number.isNaN(value))
                return (
                  <td key={spec.key}>
                    {known
                      ? sayValues(
                          spec,
                          values,
                          lines.map(({ label }) => label),
                        )
                      : 'not measured'}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}
