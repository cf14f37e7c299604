import type { ListRow } from './list-rows.ts'

/** The job that a key leads to from the current one; null for keys that do not move. */
export function stepFrom(
  rows: readonly ListRow[],
  current: string,
  key: string,
  pageRows: number,
): string | null {
  const jobs = rows.flatMap((row) => (row.kind === 'job' ? [row.key] : []))
  const at = jobs.indexOf(current)
  const target = targetOf(key, at, jobs.length, pageRows)
  if (target === null) return null
  return jobs[Math.min(jobs.length - 1, Math.max(0, target))] ?? null
}

function targetOf(key: string, at: number, count: number, pageRows: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return at + 1
    case 'ArrowUp':
      return at - 1
    case 'PageDown':
      return at + pageRows
    case 'PageUp':
      return at - pageRows
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
