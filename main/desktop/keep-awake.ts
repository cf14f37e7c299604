import { powerSaveBlocker } from 'electron'
import { needsThisComputer } from './state.ts'
import type { DesktopState } from './state.ts'

/** Keeps this computer from sleeping while it alone can stop a machine. The window says so. */
export class KeepAwake {
  #blocker: number | null = null

  update(state: DesktopState): void {
    const isNeeded = needsThisComputer(state) && state.settings?.keepAwake !== false
    if (isNeeded === (this.#blocker !== null)) return
    if (this.#blocker === null) {
      this.#blocker = powerSaveBlocker.start('prevent-app-suspension')
    } else {
      powerSaveBlocker.stop(this.#blocker)
      this.#blocker = null
    }
  }
}
