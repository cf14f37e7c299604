import { formatTime } from '../domain/format.ts'
import { isWorking, whatStays } from '../domain/what-stays.ts'
import { runningWork } from './state.ts'
import type { DesktopState } from './state.ts'

/** What the user may answer when the app is to end while something runs. */
export type LeaveAnswer = 'keep' | 'stop' | 'cancel'

export interface LeaveQuestion {
  readonly message: string
  readonly detail: string
  readonly buttons: readonly { readonly label: string; readonly answer: LeaveAnswer }[]
}

const keep = { label: 'Keep running and quit', answer: 'keep' } as const
const cancel = { label: 'Cancel', answer: 'cancel' } as const

/** Whether leaving has to be asked about: something runs, or costs money that nothing needs. */
export function mustAsk(state: DesktopState): boolean {
  if (isWorking(runningWork(state))) return true
  const radar = state.overview?.radar
  return radar !== undefined && radar.real.unused.count + radar.practice.unused.count > 0
}

/**
 * Says what stays alive without the app, which machines this computer alone can stop, which are not
 * proven gone, and (`left`) what else costs money on the accounts.
 */
export function leaveQuestion(state: DesktopState, left: readonly string[]): LeaveQuestion {
  const machines = state.overview?.machines ?? []
  const warnings = machines.flatMap(({ machine, jobName, because, stopsByItself, release }) => [
    ...(stopsByItself === false && release === null
      ? [
          `${jobName ?? machine} would NOT stop by itself if this computer sleeps or dies: ${because}`,
        ]
      : []),
    ...(release?.red === true
      ? [
          `The machine of ${jobName ?? machine} is not proven gone since ${formatTime(release.since, { near: state.overview?.at ?? release.since })}: ${release.sentence}`,
        ]
      : []),
  ])
  if (!isWorking(runningWork(state))) {
    return {
      message: 'Quit Sublet while something costs money that nothing needs?',
      detail: [...left, 'The Accounts page shows it and can release it.'].join('\n\n'),
      buttons: [{ label: 'Quit all the same', answer: 'keep' }, cancel],
    }
  }
  return {
    message: 'Quit Sublet while something is running?',
    detail: [
      whatStays(runningWork(state)),
      ...warnings,
      ...left,
      'Stop and release all brings results home first; the engine finishes that without the app.',
    ].join('\n\n'),
    buttons: [keep, { label: 'Stop and release all', answer: 'stop' }, cancel],
  }
}
