import type { JobSummary } from '../../preload/contract/job.ts'
import type { JobState } from '../../preload/contract/job-state.ts'
import type { Overview } from '../../preload/contract/overview.ts'
import type { SettingValues } from '../../preload/contract/setting.ts'
import type { RunningWork } from '../domain/what-stays.ts'

/** All that the desktop host itself knows of the engine; tray, notifications and quitting draw from it. */
export interface DesktopState {
  readonly link: 'connecting' | 'connected' | 'lost'
  /** Null until the engine has answered for the first time. */
  readonly overview: Overview | null
  readonly jobs: ReadonlyMap<string, JobSummary>
  readonly settings: SettingValues | null
}

export const firstState: DesktopState = {
  link: 'connecting',
  overview: null,
  jobs: new Map(),
  settings: null,
}

const over: ReadonlySet<JobState> = new Set(['done', 'failed', 'cancelled'])

/** Jobs under way, oldest first. */
export function openJobs(state: DesktopState): readonly JobSummary[] {
  return [...state.jobs.values()]
    .filter((job) => !over.has(job.state))
    .sort((a, b) => a.createdAt - b.createdAt)
}

/** Jobs that are over, newest first, one of each name. */
export function recentJobs(state: DesktopState, most: number): readonly JobSummary[] {
  const newest = [...state.jobs.values()]
    .filter((job) => over.has(job.state))
    .sort((a, b) => b.createdAt - a.createdAt)
  const names = new Set<string>()
  return newest
    .filter(({ name }) => {
      if (names.has(name)) return false
      names.add(name)
      return true
    })
    .slice(0, most)
}

/** What goes on without the app, in the words of every host. */
export function runningWork({ overview }: DesktopState): RunningWork {
  if (overview === null) return { activeJobs: 0, rentalsWithoutReceipt: 0, burnMicrosPerHour: 0 }
  return {
    activeJobs: overview.activeJobs,
    rentalsWithoutReceipt: overview.machines.length,
    burnMicrosPerHour: overview.spend.burnMicrosPerHour + overview.practice.burnMicrosPerHour,
  }
}

/** Whether a machine would bill on if this computer died now. */
export function needsThisComputer({ overview }: DesktopState): boolean {
  return overview?.machines.some((machine) => machine.stopsByItself === false) ?? false
}

/** Whether something costs money that should not: not proven gone, or needed by nothing. */
export function hasLeak({ overview }: DesktopState): boolean {
  if (overview === null) return false
  const { real, practice } = overview.radar
  if (real.unused.count + practice.unused.count > 0) return true
  return overview.machines.some(({ release }) => release?.red === true)
}
