import type { BudgetState } from '../../preload/contract/budget.ts'
import type { Notice } from '../../preload/contract/overview.ts'
import { formatCount, formatDuration, formatMicros } from './format.ts'
import { lastAttempt, type JobRecord } from './job/record.ts'
import type { RentalRecord } from './rental/record.ts'

/** So long may the GPUs of a running job do nothing. */
const idleGpuMs = 20 * 60_000
/** A job counts as long when it takes this many times what was expected, and some minutes more. */
const longFactor = 1.5
const longAtLeastMs = 5 * 60_000

/** What a job's end is worth saying; null while it goes on, and when the user stopped it. */
export function endNotice(job: JobRecord): Notice | null {
  if (job.endedAt === null) return null
  const common = { id: `end:${job.id}`, at: job.endedAt, jobId: job.id }
  if (job.state === 'done') {
    const outputs = job.outputs
    const home =
      outputs === null || outputs.files === 0
        ? ''
        : ` ${formatCount(outputs.files, 'file')} came home to ${job.spec.outputDir}.`
    return {
      ...common,
      kind: 'job-done',
      title: `${job.spec.name} is done`,
      sentence: `It ended well.${home}`,
    }
  }
  if (job.state !== 'failed') return null
  return {
    ...common,
    kind: 'job-failed',
    title: `${job.spec.name} failed`,
    sentence: job.error?.message ?? 'Its log says why.',
  }
}

/** A running job that takes much longer than expected. */
export function longNotice(job: JobRecord, now: number): Notice | null {
  const attempt = lastAttempt(job)
  if (job.state !== 'running' || attempt === null || attempt.startedAt === null) return null
  const ranMs = now - attempt.startedAt
  const expectedMs = attempt.estimate.expectedDurationMs
  if (ranMs < expectedMs * longFactor || ranMs < expectedMs + longAtLeastMs) return null
  return {
    id: `long:${attempt.id}`,
    kind: 'job-long',
    at: now,
    jobId: job.id,
    title: `${job.spec.name} runs longer than expected`,
    sentence: `It has run for ${formatDuration(ranMs)}; about ${formatDuration(expectedMs)} were expected.`,
  }
}

/** A running job whose GPUs have done nothing for a while; `idleMs` in engine time. */
export function idleNotice(job: JobRecord, idleMs: number, now: number): Notice | null {
  const attempt = lastAttempt(job)
  if (job.state !== 'running' || attempt === null || idleMs < idleGpuMs) return null
  return {
    id: `idle:${attempt.id}`,
    kind: 'gpu-idle',
    at: now,
    jobId: job.id,
    title: `${job.spec.name} does not use its GPU`,
    sentence: `No GPU work for ${formatDuration(idleMs)}, at ${formatMicros(attempt.offer.microsPerHour)} an hour.`,
  }
}

/** A monthly budget of which 80 % or more are spent; once at each level and month. */
export function budgetNotice({ budget, level, sentence }: BudgetState, month: string, now: number) {
  if (level === 'ok') return null
  return {
    id: `budget:${budget.id}:${month}:${level}`,
    kind: 'budget-near',
    at: now,
    jobId: null,
    title: level === 'over' ? 'A budget is used up' : 'A budget is nearly used up',
    sentence,
  } satisfies Notice
}

/** A machine that would go on costing money if this computer died. */
export function leaseNotice(rental: RentalRecord, now: number): Notice | null {
  if (rental.phase !== 'up' || rental.verdict?.stopsByItself !== false) return null
  const allocation = rental.allocations.at(-1)
  const why = rental.verdict.levels.find(({ level }) => level === 'machine')?.because ?? ''
  return {
    id: `lease:${rental.id}`,
    kind: 'no-lease',
    at: rental.reachableAt ?? now,
    jobId: allocation?.jobId ?? null,
    title: 'A machine does not stop by itself',
    sentence: `${allocation?.jobName ?? rental.id}: keep this computer on until it is done. ${why}`,
  }
}
