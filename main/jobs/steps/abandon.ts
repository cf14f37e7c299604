import { toWireError, SubletError } from '../../domain/errors.ts'
import type { StopReason } from '../../domain/job/events.ts'
import type { StepContext } from './context.ts'

/** Ends an attempt that shall not go on; the `release` step then gives the machine back. */
export async function abandon(context: StepContext): Promise<void> {
  const { stop, error } = context.job()
  context.append({
    kind: 'gave-up',
    error: error ?? toWireError(stopError(stop?.reason ?? 'user', stop?.sentence ?? null)),
  })
}

/** What a stopped job says. The code decides the exit code of `sublet run`. */
export function stopError(reason: StopReason, sentence: string | null): SubletError {
  switch (reason) {
    case 'user':
      return new SubletError('cancelled', 'Stopped by you.')
    case 'budget':
      return new SubletError('budget', sentence ?? 'Stopped because the budget is used up.')
    case 'duration':
      return new SubletError('budget', 'Stopped because its longest duration is over.')
    case 'lease':
      return new SubletError(
        'budget',
        'Stopped so that the machine is gone by the end that was confirmed at launch. Extend moves that end while a job runs.',
      )
  }
}
