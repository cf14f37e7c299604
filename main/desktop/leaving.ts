import { app, dialog, powerMonitor } from 'electron'
import { toSubletError } from '../domain/errors.ts'
import { whatStays } from '../domain/what-stays.ts'
import { leaveQuestion, mustAsk } from './leave-question.ts'
import { runningWork } from './state.ts'
import type { DesktopState } from './state.ts'

export interface LeavingOptions {
  readonly state: () => DesktopState
  readonly stopAll: () => Promise<unknown>
  /** Resolves when it is known what runs, or cannot be known; soon in any case. */
  readonly untilKnown: () => Promise<void>
  /** What else costs money on the accounts, in sentences; soon, and never fails. */
  readonly left: () => Promise<readonly string[]>
  /** The last thing before the app ends. */
  readonly onLeave: () => void
}

/** How the app ends: at once when it is known that nothing runs, else by the user's answer. */
export class Leaving {
  readonly #options: LeavingOptions
  #isDecided = false
  #isAsking = false

  constructor(options: LeavingOptions) {
    this.#options = options
    app.on('before-quit', (event) => {
      if (this.#isDecided) return
      if (isKnown(options.state()) && !mustAsk(options.state())) {
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
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      // Right after its start nobody knows yet what a former start has left running.
      if (!isKnown(this.#options.state())) await this.#options.untilKnown()
      if (!mustAsk(this.#options.state())) {
        this.now()
        return
      }
      const left = await this.#options.left()
      const { message, detail, buttons } = leaveQuestion(this.#options.state(), left)
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

/** A lost engine tells nothing more; what it said last counts. */
function isKnown({ overview, link }: DesktopState): boolean {
  return overview !== null || link === 'lost'
}
