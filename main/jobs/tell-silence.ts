import { formatDuration, formatTime } from '../domain/format.ts'
import type { Machine } from '../machine/machine.ts'
import type { StepContext } from './steps/context.ts'

/** Silence is told after so long, in physical time. */
const tellAfterRealMs = 15_000
const lookEveryRealMs = 1_000
const looks = tellAfterRealMs / lookEveryRealMs
/**
 * Less than this in `tellAfterRealMs` is silence: answers to our keep-alive and to the hold of the
 * result are no sign of work, nor are a few bytes a second.
 */
const leastBytes = 4_096

/**
 * Says in the step's progress when next to nothing comes from the machine, how long it is waited
 * for, and takes that back when it goes on. Runs beside an upload or a collection until aborted:
 * whatever the machine does not answer, the rental's end outranks it.
 */
export async function tellSilence(
  context: StepContext,
  machine: Machine,
  signal: AbortSignal,
): Promise<void> {
  const { clock, feed, jobId } = context
  let seen = feed.of(jobId)
  /** What had been heard at each look of the last `tellAfterRealMs`, the oldest first. */
  let heard = [machine.heardBytes]
  let silentFrom: number | null = null
  let told: string | null = null
  for (;;) {
    await clock.sleep(lookEveryRealMs / clock.realMs(1), signal)
    const now = feed.of(jobId)
    const bytes = machine.heardBytes
    const hasMoved = now?.sentence !== told && now?.sentence !== seen?.sentence
    const hasSpoken = bytes - (heard[0] ?? bytes) >= leastBytes
    heard = hasMoved ? [bytes] : [...heard, bytes].slice(-looks - 1)
    if (hasMoved || hasSpoken) {
      if (hasMoved) seen = now
      else if (told !== null && seen !== null) feed.progress(jobId, seen)
      silentFrom = null
      told = null
      continue
    }
    if (heard.length <= looks) continue
    silentFrom ??= clock.now() - tellAfterRealMs / clock.realMs(1)
    const silent = formatDuration(clock.realMs(clock.now() - silentFrom))
    const until = formatTime(context.rental().endBy, { near: clock.now() })
    told = `The machine has sent next to nothing for ${silent}; it is waited for until ${until} at the latest.`
    context.progress(seen?.fraction ?? 0, told)
  }
}
