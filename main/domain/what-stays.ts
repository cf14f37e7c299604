import { formatCount, formatMicrosPerHour } from './format.ts'

/** What of the engine's state decides what goes on without a window. */
export interface RunningWork {
  readonly activeJobs: number
  readonly rentalsWithoutReceipt: number
  readonly burnMicrosPerHour: number
}

/** Whether anything goes on when the last window closes. */
export function isWorking(work: RunningWork): boolean {
  return work.activeJobs > 0 || work.rentalsWithoutReceipt > 0
}

/** What stays alive without a window, in a sentence; for every host that ends. */
export function whatStays(work: RunningWork): string {
  if (!isWorking(work)) return 'Nothing is running.'
  const parts = [
    ...(work.activeJobs > 0 ? [formatCount(work.activeJobs, 'job')] : []),
    ...(work.rentalsWithoutReceipt > 0
      ? [
          `${formatCount(work.rentalsWithoutReceipt, 'machine')} at ${formatMicrosPerHour(work.burnMicrosPerHour)}`,
        ]
      : []),
  ]
  const one = work.activeJobs + work.rentalsWithoutReceipt === 1
  return `${parts.join(' and ')} ${one ? 'goes' : 'go'} on: the engine stays until the last machine is proven gone, and after it each machine's lease.`
}
