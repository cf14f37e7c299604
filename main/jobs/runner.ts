import type { Step } from '../domain/job/events.ts'
import type { RentalEvent } from '../domain/rental/events.ts'
import type { JobEvent } from '../domain/job/events.ts'
import {
  assertNever,
  LocalDiskFullError,
  remedyFor,
  type Remedy,
  SubletError,
  toSubletError,
  toWireError,
} from '../domain/errors.ts'
import { lastAttempt, type AttemptRecord, type JobRecord } from '../domain/job/record.ts'
import { refusalScope, refusalSentence } from '../domain/job/refusals.ts'
import { actionName, nextAction, sameAction, type Action } from '../domain/job/next-action.ts'
import { Backoff } from './backoff.ts'
import type { JobDeps, RunStep, StepContext } from './steps/context.ts'

/** The steps by name, injected so that the loop can be tested without any machine. */
export interface StepTable extends Readonly<Record<Step, RunStep>> {
  readonly freeze: RunStep
  readonly choose: RunStep
  readonly abandon: RunStep
  readonly fetch: RunStep
  readonly finish: RunStep
}

/** After this long of nothing but failures, in physical time awake, a machine goes back. */
const giveUpAfterMs = 10 * 60_000
/** An upload that lasted longer got somewhere, as no timeout does: the patience begins anew. */
const gotSomewhereMs = 3 * 60_000

/**
 * Drives one job from its record to its end: asks `nextAction`, performs it, and repeats. All
 * knowledge is in the journal, so that a new runner of a new engine goes on exactly here.
 */
export class Runner {
  readonly #deps: JobDeps
  readonly #steps: StepTable
  readonly #jobId: string
  readonly #environment: Readonly<Record<string, string>>
  readonly #resumed: boolean

  /** `environment` is what the client passed; null when a journal of an earlier engine is taken up. */
  constructor(
    deps: JobDeps,
    steps: StepTable,
    jobId: string,
    environment: Readonly<Record<string, string>> | null,
  ) {
    this.#deps = deps
    this.#steps = steps
    this.#jobId = jobId
    this.#environment = environment ?? {}
    this.#resumed = environment === null
  }

  /** Resolves when the job has ended; rejects only when `shutdown` is aborted or on a defect. */
  async run(shutdown: AbortSignal): Promise<void> {
    for (;;) {
      shutdown.throwIfAborted()
      const action = nextAction(this.#job())
      if (action === null) {
        this.#deps.feed.forget(this.#jobId)
        return
      }
      await this.#perform(action, shutdown)
      this.#deps.feed.clear(this.#jobId)
    }
  }

  async #perform(action: Action, shutdown: AbortSignal): Promise<void> {
    const { clock } = this.#deps
    const backoff = new Backoff(clock, { firstMs: 300, maxMs: 20_000 })
    const before = this.#job()
    let failingSince: number | null = null
    for (;;) {
      // Monotonic: time asleep does not count.
      const triedFrom = performance.now()
      const changed = new AbortController()
      const stopListening = this.#deps.journal.onChange(({ jobs }) => {
        if (jobs.has(this.#jobId) && !sameAction(nextAction(this.#job()), action)) changed.abort()
      })
      const signal = AbortSignal.any([shutdown, changed.signal])
      try {
        await this.#step(action)(this.#context(signal))
        return
      } catch (thrown) {
        shutdown.throwIfAborted()
        // A stop or an outcome arrived meanwhile: the loop decides anew from the record.
        if (changed.signal.aborted || this.#job().state !== before.state) return
        const error = toSubletError(thrown)
        const uploads = action.kind === 'step' && action.step === 'stage'
        if (uploads && triedFrom + gotSomewhereMs < performance.now()) failingSince = null
        failingSince ??= triedFrom
        if (this.#settle(action, error, performance.now() - failingSince)) return
        this.#deps.log.info(
          { error: toWireError(error) },
          `${this.#jobId}: ${actionName(action)} did not work; trying again`,
        )
        this.#deps.feed.progress(this.#jobId, {
          fraction: 0,
          sentence: `${error.message} Trying again.`,
        })
        await backoff.wait(signal, error.extras.retryAfterMs ?? 0).catch(() => undefined) // Woken by a change.
        if (changed.signal.aborted) return
      } finally {
        stopListening()
      }
    }
  }

  /** Journals what a failed action means; false when it is simply to be repeated. */
  #settle(action: Action, error: SubletError, failingMs: number): boolean {
    const attempt = lastAttempt(this.#job())
    const remedy = this.#remedyFor(error)
    const mayRefuse = action.kind === 'step' && isBeforeRun(action.step)
    // Results are paid for: only the lease's end (which the step itself sees) drops them, and a
    // machine that is not trusted any more, whose answers would prove nothing.
    if (action.kind === 'step' && action.step === 'collect' && error.code !== 'host-key') {
      return false
    }
    if (mayRefuse && attempt !== null && this.#isGivenBack(attempt)) {
      this.#append(this.#givenBack(attempt))
      return true
    }
    // A machine is rented: its job must not suffer from a full disk here.
    if (error instanceof LocalDiskFullError && action.kind === 'step') return false
    // What waits in a bucket waits on; only objects that are gone, or are not what was sent, end it.
    if (action.kind === 'fetch' && error.code !== 'not-found' && error.code !== 'conflict') {
      return false
    }
    if (remedy === 'retry') {
      // Unknown is not failed: what already ran is waited for; what never began goes elsewhere.
      if (action.kind === 'choose' && failingMs > giveUpAfterMs) {
        this.#append({ kind: 'gave-up', error: toWireError(error) })
        return true
      }
      if (!mayRefuse || failingMs < giveUpAfterMs) return false
    }
    // What one account may not do, another may.
    const othersMay = isLaunch(action) && refusalScope(error.code) === 'account'
    if (mayRefuse && attempt !== null && (othersMay || remedyFor(error.code) !== 'ask-user')) {
      this.#refuse(attempt, error)
      return true
    }
    this.#append({ kind: 'gave-up', error: toWireError(error) })
    return true
  }

  /** After a restart, keys and the agent come back with the first client or an unlocked keychain. */
  #remedyFor(error: SubletError): Remedy {
    const lacksKeys = error.code === 'auth' || error.code === 'keychain'
    return lacksKeys && this.#resumed ? 'retry' : remedyFor(error.code)
  }

  #isGivenBack(attempt: AttemptRecord): boolean {
    const { phase } = this.#deps.journal.rental(attempt.rentalId)
    return phase === 'releasing' || phase === 'released'
  }

  /** The keeper or the user ended the rental before the job ran on it. */
  #givenBack(attempt: AttemptRecord): JobEvent {
    const rental = this.#deps.journal.rental(attempt.rentalId)
    if (this.#deps.clock.now() >= rental.endBy) {
      return { kind: 'stop-requested', reason: 'lease', discard: false }
    }
    const because = rental.releaseBecause ?? 'It was released.'
    const message = `The machine was given back before the job ran: ${because}`
    return { kind: 'gave-up', error: { code: 'cancelled', message } }
  }

  #refuse(attempt: AttemptRecord, error: SubletError): void {
    const wire = toWireError(error)
    const { offer, id: attemptId } = attempt
    const name = this.#deps.providers.accountName(offer.accountId)
    const because = refusalSentence(offer, name, wire)
    this.#deps.journal.append(
      { job: this.#jobId, event: { kind: 'refused', attemptId, error: wire, because } },
      {
        rental: attempt.rentalId,
        event: { kind: 'release-intended', because: error.message },
      },
    )
  }

  #append(event: JobEvent): void {
    this.#deps.journal.append({ job: this.#jobId, event })
  }

  #step(action: Action): RunStep {
    switch (action.kind) {
      case 'step':
        return this.#steps[action.step]
      case 'freeze':
      case 'choose':
      case 'abandon':
      case 'fetch':
      case 'finish':
        return this.#steps[action.kind]
      default:
        return assertNever(action)
    }
  }

  #job(): JobRecord {
    return this.#deps.journal.job(this.#jobId)
  }

  #context(signal: AbortSignal): StepContext {
    const { journal, feed } = this.#deps
    const jobId = this.#jobId
    const attempt = (): AttemptRecord => {
      const last = lastAttempt(this.#job())
      if (last === null) throw new SubletError('internal', `${jobId} has no attempt yet.`)
      return last
    }
    return {
      ...this.#deps,
      jobId,
      signal,
      clientEnvironment: this.#environment,
      job: () => this.#job(),
      attempt,
      rental: () => journal.rental(attempt().rentalId),
      append: (...events) => journal.append(...events.map((event) => ({ job: jobId, event }))),
      appendBoth: (jobEvents, rentalEvents: readonly RentalEvent[]) => {
        const rental = attempt().rentalId
        journal.append(
          ...rentalEvents.map((event) => ({ rental, event })),
          ...jobEvents.map((event) => ({ job: jobId, event })),
        )
      },
      progress: (fraction, sentence) => feed.progress(jobId, { fraction, sentence }),
    }
  }
}

function isBeforeRun(step: Step): boolean {
  return step === 'launch' || step === 'boot' || step === 'connect' || step === 'stage'
}

function isLaunch(action: Action): boolean {
  return action.kind === 'step' && action.step === 'launch'
}
