import { formatDuration, formatTime } from '../domain/format.ts'
import type { Machine } from '../machine/machine.ts'
import type { StepContext } from './steps/context.ts'

/** Silence is told after so long, in physical time. */
const tellAfterRealMs = 15_000
const lookEveryRealMs = 1_000
/** Answers to our keep-alive are no sign of work, nor is a byte now and then. */
const leastBytes = 256

/**
 * Says in the step's progress when the machine sends nothing, how long it is waited for, and takes
 * that back when it goes on. Runs beside an upload or a collection until aborted: whatever the
 * machine does not answer, the rental's end outranks it.
 */
export async function tellSilence(
  context: StepContext,
  machine: Machine,
  signal: AbortSignal,
): Promise<void> {
  const { clock, feed, jobId } = context
  let seen = feed.of(jobId)
  let heardBytes = machine.heardBytes
  let heardAt = clock.now()
  let told: string | null = null
  for (;;) {
    await clock.sleep(lookEveryRealMs / clock.realMs(1), signal)
    const now = feed.of(jobId)
    const hasMoved = now?.sentence !== told && now?.sentence !== seen?.sentence
    const bytes = machine.heardBytes
    const hasSpoken = bytes - heardBytes >= leastBytes
    heardBytes = bytes
    if (hasMoved) seen = now
    if (hasMoved || hasSpoken) {
      heardAt = clock.now()
      if (!hasMoved && told !== null && seen !== null) feed.progress(jobId, seen)
      told = null
      continue
    }
    const silentRealMs = clock.realMs(clock.now() - heardAt)
    if (silentRealMs < tellAfterRealMs) continue
    const until = formatTime(context.rental().endBy, { near: clock.now() })
    told = `The machine has sent nothing for ${formatDuration(silentRealMs)}; it is waited for until ${until} at the latest.`
    context.progress(seen?.fraction ?? 0, told)
  }
}
