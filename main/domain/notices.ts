import type { BudgetState } from '../../preload/contract/budget.ts'
import type { Micros } from '../../preload/contract/money.ts'
import type { Notice } from '../../preload/contract/overview.ts'
import { formatCount, formatDuration, formatMicros } from './format.ts'
import { lastAttempt, type JobRecord } from './job/record.ts'
import type { RentalRecord } from './rental/record.ts'
import type { ReportingZone } from './reporting-day.ts'
import { monthOf } from './reporting-month.ts'

/** So long may the GPUs of a running job do nothing. */
const idleGpuMs = 20 * 60_000
/** A job counts as long when it takes this many times what was expected, and some minutes more. */
const longFactor = 1.5
const longAtLeastMs = 5 * 60_000
const nearShare = 0.8

/** What a job's end is worth saying; null while it goes on, and when the user stopped it. */
export function endNotice(job: JobRecord, costMicros: Micros): Notice | null {
  if (job.endedAt === null) return null
  const common = {
    id: `end:${job.id}`,
    at: job.endedAt,
    jobId: job.id,
    costMicros,
    actions: ['open' as const],
  }
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
export function longNotice(job: JobRecord, costMicros: Micros, now: number): Notice | null {
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
    sentence: `It has run for ${formatDuration(ranMs)}; about ${formatDuration(expectedMs)} were expected. It has cost ${formatMicros(costMicros)} so far.`,
    costMicros,
    actions: ['stop', 'keep', 'open'],
  }
}

/** A running job whose GPUs have done nothing for a while; `idleMs` in engine time. */
export function idleNotice(
  job: JobRecord,
  idleMs: number,
  costMicros: Micros,
  now: number,
): Notice | null {
  const attempt = lastAttempt(job)
  if (job.state !== 'running' || attempt === null || idleMs < idleGpuMs) return null
  return {
    id: `idle:${attempt.id}`,
    kind: 'gpu-idle',
    at: now,
    jobId: job.id,
    title: `${job.spec.name} does not use its GPU`,
    sentence: `Under 5 % on every GPU for ${formatDuration(idleMs)}, at ${formatMicros(attempt.offer.microsPerHour)} an hour. It has cost ${formatMicros(costMicros)} so far.`,
    costMicros,
    actions: ['stop', 'keep', 'open'],
  }
}

/** A budget of which 80 % or more are spent; once at each level and period. */
export function budgetNotice(
  { budget, level, sentence, from }: BudgetState,
  zone: ReportingZone,
  now: number,
): Notice | null {
  if (level === 'ok') return null
  const period = budget.period === 'day' ? zone.dayOf(from) : monthOf(zone, from)
  const what =
    budget.action === 'stop'
      ? ' Jobs are stopped in time for it, with their results brought home.'
      : ''
  return {
    id: `budget:${budget.id}:${period}:${level}`,
    kind: 'budget-near',
    at: now,
    jobId: null,
    title: level === 'over' ? 'A budget is used up' : 'A budget is nearly used up',
    sentence: `${sentence}${what}`,
    costMicros: null,
    actions: ['open'],
  }
}

/** A job that has spent 80 % of its own budget; once. */
export function jobBudgetNotice(job: JobRecord, costMicros: Micros, now: number): Notice | null {
  const { budgetMicros } = job.spec.limits
  if (budgetMicros === null || job.endedAt !== null || job.stop !== null) return null
  if (costMicros < budgetMicros * nearShare) return null
  return {
    id: `job-budget:${job.id}:${budgetMicros}`,
    kind: 'budget-near',
    at: now,
    jobId: job.id,
    title: `${job.spec.name} has nearly used up its budget`,
    sentence: `${formatMicros(costMicros)} of its ${formatMicros(budgetMicros)} is spent. It is stopped in time, with its results brought home.`,
    costMicros,
    actions: ['stop', 'keep', 'open'],
  }
}

/** A machine that would go on costing money if this computer died. */
export function leaseNotice(rental: RentalRecord, costMicros: Micros, now: number): Notice | null {
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
    costMicros: allocation === undefined ? null : costMicros,
    actions: allocation === undefined ? ['open'] : ['stop', 'keep', 'open'],
  }
}
