import { dialog } from 'electron'
import type { Leaving } from './leaving.ts'
import type { Remembered } from './remembered.ts'

/** Says, the first time that a window closes, that Sublet stays in the tray. */
export function tellAboutTray(remembered: Remembered, leaving: Leaving): void {
  if (remembered.values.knowsTray) return
  remembered.keep({ knowsTray: true })
  void dialog
    .showMessageBox({
      type: 'info',
      message: 'Sublet stays in the tray.',
      detail: 'Click its icon there to open the window again. This is said only once.',
      buttons: ['Stay in the tray', 'Quit Sublet'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    })
    .then(({ response }) => (response === 1 ? leaving.ask() : undefined))
}
