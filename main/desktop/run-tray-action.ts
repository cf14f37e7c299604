import { dialog } from 'electron'
import { assertNever, toSubletError } from '../domain/errors.ts'
import { formatCount } from '../domain/format.ts'
import type { EngineFollow } from './engine-follow.ts'
import type { Leaving } from './leaving.ts'
import type { MainWindow } from './main-window.ts'
import { runningWork } from './state.ts'
import type { TrayAction } from './tray-menu.ts'

export interface TrayActionParts {
  readonly window: MainWindow
  readonly follow: EngineFollow
  readonly leaving: Leaving
}

/** Does what a click in the tray or in a notification asks for; what fails is said in a dialog. */
export function runTrayAction(action: TrayAction, parts: TrayActionParts): void {
  perform(action, parts).catch((error: unknown) => {
    dialog.showErrorBox('Sublet could not do that', toSubletError(error).message)
  })
}

async function perform(
  action: TrayAction,
  { window, follow, leaving }: TrayActionParts,
): Promise<void> {
  switch (action.kind) {
    case 'open':
      window.show(action.route)
      return
    case 'stop-job':
      await follow.api.jobs.stop({ jobId: action.jobId, discard: false })
      return
    case 'stop-everything':
      if (await isSure(follow)) await follow.api.jobs.stopAll({ discard: false })
      return
    case 'quit':
      await leaving.ask()
      return
    default:
      assertNever(action)
  }
}

async function isSure(follow: EngineFollow): Promise<boolean> {
  const { activeJobs, rentalsWithoutReceipt } = runningWork(follow.state)
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: 'Stop everything?',
    detail: `${formatCount(activeJobs, 'job')} and ${formatCount(rentalsWithoutReceipt, 'machine')}. Results come home first, then the machines go back. Machines that Sublet did not rent are left alone.`,
    buttons: ['Stop everything', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}
