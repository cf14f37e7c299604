import { createStore, type StoreApi } from 'zustand/vanilla'
import type { JobSummary } from '../../../preload/contract/job.ts'
import type { JobsStore } from '../../stores/jobs-store.ts'
import { listRows, noFilter, projectsOf, type JobFilter, type ListRow } from './list-rows.ts'

export interface JobsListState {
  readonly filter: JobFilter
  readonly rows: readonly ListRow[]
  readonly projects: readonly string[]
  /** Jobs that the order would show elsewhere, or not yet, if nothing were held still. */
  readonly waiting: number
}

export interface JobsList {
  readonly store: StoreApi<JobsListState>
  readonly setFilter: (filter: JobFilter) => void
  /** While held, no row moves: the pointer is over them. */
  readonly hold: (held: boolean) => void
  /** Follows the jobs; answers the function that ends it. */
  readonly follow: () => () => void
}

export interface JobsListOptions {
  readonly filter?: JobFilter
  readonly now?: () => number
}

/** The order of the list. The rows' content comes straight from the jobs store. */
export function createJobsList(jobs: JobsStore, options: JobsListOptions = {}): JobsList {
  const now = options.now ?? Date.now
  const all = (): ReadonlyMap<string, JobSummary> => jobs.getState().jobs ?? new Map()
  let held = false
  const layout = (filter: JobFilter): JobsListState => ({
    filter,
    rows: listRows(all().values(), filter, now()),
    projects: projectsOf(all().values()),
    waiting: 0,
  })
  const store = createStore<JobsListState>(() => layout(options.filter ?? noFilter))
  const take = (state: ReturnType<JobsStore['getState']>, before: typeof state): void => {
    if (state.jobs === before.jobs || sameOrder(state.jobs, before.jobs)) return
    const { filter, rows } = store.getState()
    const next = layout(filter)
    // The first answer fills an empty list, which holds nothing still.
    if (!held || rows.length === 0) store.setState(next, true)
    else store.setState({ waiting: moved(rows, next.rows) })
  }
  return {
    store,
    setFilter: (filter) => store.setState(layout(filter), true),
    hold: (next) => {
      if (held === next) return
      held = next
      if (!held && store.getState().waiting > 0) {
        store.setState(layout(store.getState().filter), true)
      }
    },
    follow: () => {
      store.setState(layout(store.getState().filter), true)
      return jobs.subscribe(take)
    },
  }
}

/** Whether nothing changed that decides about a job's place. */
function sameOrder(
  one: ReadonlyMap<string, JobSummary> | null,
  other: ReadonlyMap<string, JobSummary> | null,
): boolean {
  if (one === null || other === null || one.size !== other.size) return false
  for (const [id, job] of one) {
    const before = other.get(id)
    if (before === job) continue
    if (before?.state !== job.state || before.endedAt !== job.endedAt) return false
    if (before.machine !== job.machine) return false
  }
  return true
}

/** How many jobs of the new order stand under another heading than now, or nowhere yet. */
function moved(now: readonly ListRow[], next: readonly ListRow[]): number {
  const place = headings(now)
  let count = 0
  for (const [id, heading] of headings(next)) if (place.get(id) !== heading) count += 1
  return count
}

function headings(rows: readonly ListRow[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let heading = ''
  for (const row of rows) {
    if (row.kind === 'heading') heading = row.key
    else found.set(row.key, heading)
  }
  return found
}
