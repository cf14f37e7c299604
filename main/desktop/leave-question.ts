import { whatStays } from '../domain/what-stays.ts'
import { runningWork } from './state.ts'
import type { DesktopState } from './state.ts'

/** What the user may answer when the app is to end while something runs. */
export type LeaveAnswer = 'keep' | 'stop' | 'cancel'

export interface LeaveQuestion {
  readonly message: string
  readonly detail: string
  readonly buttons: readonly { readonly label: string; readonly answer: LeaveAnswer }[]
}

/** Says what stays alive without the app, and which machines this computer alone can stop. */
export function leaveQuestion(state: DesktopState): LeaveQuestion {
  const unsafe =
    state.overview?.machines.filter(({ stopsByItself }) => stopsByItself === false) ?? []
  const warnings = unsafe.map(
    ({ machine, jobName, because }) =>
      `${jobName ?? machine} would NOT stop by itself if this computer sleeps or dies: ${because}`,
  )
  return {
    message: 'Quit Sublet while something is running?',
    detail: [
      whatStays(runningWork(state)),
      ...warnings,
      'Stop and release all brings results home first; the engine finishes that without the app.',
    ].join('\n\n'),
    buttons: [
      { label: 'Keep running and quit', answer: 'keep' },
      { label: 'Stop and release all', answer: 'stop' },
      { label: 'Cancel', answer: 'cancel' },
    ],
  }
}
