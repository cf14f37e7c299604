import type { JobId } from '../../../preload/contract/job-state.ts'
import { toSubletError } from '../../domain/errors.ts'
import type { CliContext } from '../context.ts'
import type { JobView } from '../views/job-view.ts'

const samePressMs = 300

/** What Ctrl-C has led to so far. */
export interface Interrupts {
  /** Aborted when the user leaves the job running. */
  readonly leave: AbortSignal
  /** As if Ctrl-C were pressed now. */
  interrupt(): void
  /** True when leaving was not an answer to the question but a second Ctrl-C. */
  leftInHaste(): boolean
  stopListening(): void
}

/**
 * Ctrl-C while a job is followed: on a terminal it asks; elsewhere the first stops and releases and
 * the second leaves it running.
 */
export function listenForInterrupts(
  context: CliContext,
  jobId: JobId,
  view: JobView,
  canAsk: boolean,
): Interrupts {
  const leave = new AbortController()
  let asking: AbortController | null = null
  let stopping = false
  let hasty = false

  const leaveInHaste = (): void => {
    hasty = true
    leave.abort()
  }
  const stop = async (): Promise<void> => {
    stopping = true
    view.say('Stopping: collecting what is there, then releasing the machine …')
    try {
      const api = await context.engine.api()
      await api.jobs.stop({ jobId, discard: false })
    } catch (thrown) {
      stopping = false
      view.say(`It could not be stopped: ${toSubletError(thrown).message}`)
    }
  }
  const askWhat = async (): Promise<void> => {
    asking = new AbortController()
    view.pause()
    context.io.out('\n')
    try {
      const answer = await context.io.ask(
        'Leave it running (l), or stop and release (s)? Enter keeps watching: ',
        asking.signal,
      )
      if (/^\s*l/i.test(answer ?? 'l')) leave.abort()
      else if (/^\s*s/i.test(answer ?? '')) await stop()
    } catch {
      // A second Ctrl-C aborted the question, which is an answer of its own.
      leaveInHaste()
    } finally {
      asking = null
      view.resume()
    }
  }
  let lastAt = -Infinity
  const interrupt = (): void => {
    // One press may arrive twice: from the terminal, and handed on by the launcher or a shell.
    const now = context.io.now()
    if (now - lastAt < samePressMs) return
    lastAt = now
    if (asking !== null) asking.abort()
    else if (stopping) leaveInHaste()
    else if (canAsk) void askWhat()
    else void stop()
  }
  const stopListening = context.io.onInterrupt(interrupt)
  return { leave: leave.signal, interrupt, leftInHaste: () => hasty, stopListening }
}
