import { formatCount } from '../domain/format.ts'
import { holdsRental } from '../domain/job/holds-rental.ts'
import type { StepContext } from './steps/context.ts'

/** How often a waiting job looks whether it is its turn, in physical time. */
const lookEveryRealMs = 500

/**
 * Waits until fewer jobs hold a machine than may at the same time. Jobs that wait go in the order
 * in which they were submitted.
 */
export async function awaitTurn(context: StepContext): Promise<void> {
  const { clock, journal, wake, signal } = context
  for (;;) {
    const most = context.maxConcurrentJobs()
    const open = journal.openJobs()
    const holding = open.filter((job) => job.attempts.length > 0 && holdsRental(job)).length
    const ahead = open.findIndex((job) => job.id === context.jobId)
    const waitingAhead = open
      .slice(0, ahead)
      .filter((job) => job.state === 'choosing' || job.state === 'interrupted').length
    if (holding + waitingAhead < most) return
    context.progress(0, `Waiting until one of ${formatCount(holding, 'running job')} has ended`)
    await wake.wait(context.jobId, clock.now() + lookEveryRealMs / clock.realMs(1), signal)
  }
}
