import type { JobSummary } from '../../preload/contract/job.ts'
import { formatMicros, formatMicrosPerHour, formatTime } from '../domain/format.ts'
import { unusedWords } from '../domain/radar/words.ts'
import { isWorking } from '../domain/what-stays.ts'
import { hasLeak, needsThisComputer, openJobs, recentJobs, runningWork } from './state.ts'
import type { DesktopState } from './state.ts'

/** What a click in the tray asks for. */
export type TrayAction =
  | { readonly kind: 'open'; readonly route: string | null }
  | { readonly kind: 'stop-job'; readonly jobId: string }
  | { readonly kind: 'stop-everything' }
  | { readonly kind: 'quit' }

export type TrayItem =
  | { readonly kind: 'line'; readonly label: string }
  | { readonly kind: 'separator' }
  | { readonly kind: 'action'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'menu'; readonly label: string; readonly items: readonly TrayItem[] }

export type TrayLook = 'idle' | 'running' | 'attention'

const mostRecent = 5
const mostWords = 60
/** Everything that costs money, on the Accounts page. */
const billed = { kind: 'open', route: '/accounts?show=billed' } as const

/** The tray's menu, from the state alone. */
export function trayMenu(state: DesktopState): readonly TrayItem[] {
  const jobs = openJobs(state)
  const recent = recentJobs(state, mostRecent)
  return [
    ...figures(state),
    { kind: 'separator' },
    ...jobs.map(runningJob),
    ...(jobs.length > 0 ? [separator] : []),
    ...(recent.length > 0
      ? [{ kind: 'menu' as const, label: 'Run again', items: recent.map(again) }]
      : []),
    ...(isWorking(runningWork(state))
      ? [action('Stop everything…', { kind: 'stop-everything' })]
      : []),
    action('Open Sublet', { kind: 'open', route: null }),
    action('Quit', { kind: 'quit' }),
  ]
}

/** What a menu says but for its figures: two of one shape do the same in the same places. */
export function menuShape(items: readonly TrayItem[]): string {
  return JSON.stringify(items, (key, value: unknown) =>
    key === 'label' && typeof value === 'string' ? value.replace(/\d+/g, '0') : value,
  )
}

/** Which icon the tray shows; `lookedAt` is when the window last had the user's attention. */
export function trayLook(state: DesktopState, lookedAt: number): TrayLook {
  const unseen = state.overview?.notices.some(
    (notice) => notice.kind !== 'job-done' && notice.at > lookedAt,
  )
  if (state.link === 'lost' || needsThisComputer(state) || hasLeak(state) || unseen === true) {
    return 'attention'
  }
  return isWorking(runningWork(state)) ? 'running' : 'idle'
}

/** The tray's tooltip: its first line. */
export function trayTip(state: DesktopState): string {
  const [first] = figures(state)
  return first?.kind === 'line' ? `Sublet: ${first.label}` : 'Sublet'
}

function figures({ link, overview }: DesktopState): readonly TrayItem[] {
  if (link === 'lost') return [line('The engine does not answer. Jobs go on.')]
  if (overview === null) return [line('Connecting to the engine …')]
  const { at, spend, practice, machines, radar } = overview
  const parts = [
    line(
      spend.burnMicrosPerHour > 0
        ? `${formatMicrosPerHour(spend.burnMicrosPerHour)} now, ${formatMicros(spend.todayMicros)} today`
        : `Nothing is billed now, ${formatMicros(spend.todayMicros)} today`,
    ),
  ]
  if (practice.burnMicrosPerHour > 0) {
    parts.push(line(`Practice: ${formatMicrosPerHour(practice.burnMicrosPerHour)} (simulated)`))
  }
  const unsafe = machines.filter(
    ({ stopsByItself, release }) => stopsByItself === false && release === null,
  )
  const unproven = machines.filter(({ release }) => release?.red === true)
  const unused = unusedWords(radar)
  return [
    ...parts,
    ...unproven.map(({ release, jobName, machine }) =>
      action(
        `Not proven gone since ${formatTime(release?.since ?? at, { near: at })}: ${clip(jobName ?? machine)}`,
        billed,
      ),
    ),
    ...(unused === null ? [] : [action(clip(unused), billed)]),
    ...unsafe.map((machine) =>
      action(`Would not stop by itself: ${clip(machine.jobName ?? machine.machine)}`, {
        kind: 'open',
        route: machine.jobId === null ? '/jobs' : jobRoute(machine.jobId),
      }),
    ),
  ]
}

function runningJob(job: JobSummary): TrayItem {
  const state = job.stop === null ? job.state : 'stopping'
  return {
    kind: 'menu',
    label: `${clip(job.name)}: ${state}, ${formatMicros(job.costMicros)} so far`,
    items: [
      line(clip(job.progress.sentence)),
      action('Open', { kind: 'open', route: jobRoute(job.id) }),
      ...(job.stop === null
        ? [action('Stop, results first', { kind: 'stop-job', jobId: job.id })]
        : []),
    ],
  }
}

/** Leads to the Run page, filled in: a click in a menu never spends. */
function again(job: JobSummary): TrayItem {
  const route = `/run?template=${encodeURIComponent(job.id)}`
  return action(`${clip(job.name)} …`, { kind: 'open', route })
}

const separator: TrayItem = { kind: 'separator' }

function line(label: string): TrayItem & { readonly kind: 'line' } {
  return { kind: 'line', label }
}

function action(label: string, what: TrayAction): TrayItem {
  return { kind: 'action', label, action: what }
}

function jobRoute(jobId: string): string {
  return `/jobs/${encodeURIComponent(jobId)}`
}

function clip(words: string): string {
  return words.length > mostWords ? `${words.slice(0, mostWords - 1)}…` : words
}
