import type { JobSummary } from '../../../preload/contract/job.ts'

export type StateChoice = 'all' | 'active' | 'done' | 'failed' | 'cancelled'
export const stateChoices: readonly StateChoice[] = ['all', 'active', 'done', 'failed', 'cancelled']

export interface JobFilter {
  /** Words that must all appear in name, project, machine or id. */
  readonly text: string
  readonly state: StateChoice
  /** Null: all projects. */
  readonly project: string | null
}

export const noFilter: JobFilter = { text: '', state: 'all', project: null }

export type ListRow =
  | {
      readonly kind: 'heading'
      readonly key: string
      readonly words: string
      readonly count: number
    }
  | { readonly kind: 'job'; readonly key: string }

const longDay = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})

/** Active jobs first, the newest on top; then ended ones under the day on which they ended. */
export function listRows(
  jobs: Iterable<JobSummary>,
  filter: JobFilter,
  now: number,
): readonly ListRow[] {
  const fits = matcher(filter)
  const chosen = [...jobs].filter(fits)
  const active = chosen
    .filter((job) => job.endedAt === null)
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
  const ended = chosen
    .filter((job) => job.endedAt !== null)
    .sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0) || (a.id < b.id ? 1 : -1))
  const days = Map.groupBy(ended, (job) => dayKey(job.endedAt ?? 0))
  return [
    ...group('active', 'Active', active),
    ...[...days].flatMap(([key, members]) =>
      group(key, dayWords(members[0]?.endedAt ?? 0, now), members),
    ),
  ]
}

function group(key: string, words: string, members: readonly JobSummary[]): readonly ListRow[] {
  if (members.length === 0) return []
  return [
    { kind: 'heading', key, words, count: members.length },
    ...members.map((job): ListRow => ({ kind: 'job', key: job.id })),
  ]
}

/** Whether a job is shown under a filter. */
export function matcher({ text, state, project }: JobFilter): (job: JobSummary) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return (job) => {
    if (state === 'active' ? job.endedAt !== null : state !== 'all' && job.state !== state) {
      return false
    }
    if (project !== null && job.project !== project) return false
    if (words.length === 0) return true
    const where = `${job.name} ${job.project ?? ''} ${job.machine ?? ''} ${job.id}`.toLowerCase()
    return words.every((word) => where.includes(word))
  }
}

/** Every project that a job belongs to, in order. */
export function projectsOf(jobs: Iterable<JobSummary>): readonly string[] {
  const names = new Set<string>()
  for (const { project } of jobs) if (project !== null) names.add(project)
  return [...names].sort((a, b) => a.localeCompare(b))
}

function dayKey(at: number): string {
  const day = new Date(at)
  return `${day.getFullYear()}-${day.getMonth() + 1}-${day.getDate()}`
}

/** `Today`, `Yesterday`, `Friday 20 November 2026`: in this computer's zone. */
export function dayWords(at: number, now: number): string {
  if (dayKey(at) === dayKey(now)) return 'Today'
  const yesterday = new Date(now)
  yesterday.setDate(yesterday.getDate() - 1)
  if (dayKey(at) === dayKey(yesterday.getTime())) return 'Yesterday'
  return longDay.format(at)
}
