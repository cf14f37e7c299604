import { app, dialog, powerMonitor } from 'electron'
import { toSubletError } from '../domain/errors.ts'
import { isWorking, whatStays } from '../domain/what-stays.ts'
import { leaveQuestion } from './leave-question.ts'
import { runningWork } from './state.ts'
import type { DesktopState } from './state.ts'

export interface LeavingOptions {
  readonly state: () => DesktopState
  readonly stopAll: () => Promise<unknown>
  /** The last thing before the app ends. */
  readonly onLeave: () => void
}

/** How the app ends: at once when nothing runs, else by the user's answer. */
export class Leaving {
  readonly #options: LeavingOptions
  #isDecided = false
  #isAsking = false

  constructor(options: LeavingOptions) {
    this.#options = options
    app.on('before-quit', (event) => {
      if (this.#isDecided) return
      if (!isWorking(runningWork(options.state()))) {
        this.#decide()
        return
      }
      event.preventDefault()
      void this.ask()
    })
    // A computer that shuts down is not asked; the engine and the leases go on by their own rules.
    powerMonitor.on('shutdown', () => this.now())
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        // Who ends it from a terminal reads it there.
        process.stdout.write(`${whatStays(runningWork(options.state()))}\n`)
        this.now()
      })
    }
  }

  get isDecided(): boolean {
    return this.#isDecided
  }

  /** Ends the app without a question. */
  now(): void {
    if (this.#isDecided) return
    this.#decide()
    // Within a window's close, which is being kept from happening, the app could not quit.
    setImmediate(() => app.quit())
  }

  /** Ends the app, after a question where something runs. One question at a time. */
  async ask(): Promise<void> {
    const state = this.#options.state()
    if (!isWorking(runningWork(state))) {
      this.now()
      return
    }
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      const { message, detail, buttons } = leaveQuestion(state)
      const { response } = await dialog.showMessageBox({
        type: 'question',
        message,
        detail,
        buttons: buttons.map(({ label }) => label),
        defaultId: 0,
        cancelId: buttons.length - 1,
        noLink: true,
      })
      const answer = buttons[response]?.answer ?? 'cancel'
      if (answer === 'cancel') return
      if (answer === 'stop') await this.#options.stopAll()
      this.now()
    } catch (error) {
      dialog.showErrorBox('Not everything could be stopped', toSubletError(error).message)
    } finally {
      this.#isAsking = false
    }
  }
  #decide(): void {
    this.#isDecided = true
    this.#options.onLeave()
  }
}
