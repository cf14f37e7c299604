import { formatMicros } from '../../domain/format.ts'
import { sumMicros } from '../../domain/money.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import { EvidenceNotes } from '../evidence.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { EndedRental, ProviderContext, Usage } from '../provider.ts'
import { podBillingSchema } from './wire.ts'

const hourMs = 3_600_000

/** RunPod books every few minutes; an hour that is over for this long is taken for closed. */
const settledAfterMs = 2 * hourMs

/** What RunPod's books say of an ended pod: container, disk and all. They name hours, no interval. */
export async function podUsage(
  api: HttpApi,
  { instanceId, launchedAt, endedAt }: EndedRental,
  { clock }: Pick<ProviderContext, 'clock'>,
  signal: AbortSignal,
): Promise<Usage | null> {
  if (instanceId === null) return null
  const until = Math.ceil(endedAt / hourMs) * hourMs
  const query = {
    // Our clock and theirs may differ by a little.
    startTime: time(Math.floor(launchedAt / hourMs) * hourMs - hourMs),
    endTime: time(until),
    bucketSize: 'hour',
    podId: instanceId,
  }
  const path = '/v2/billing/pods'
  const { records } = await api.call(podBillingSchema, { method: 'GET', path, query }, signal)
  const ours = records.filter(({ podId }) => podId === instanceId)
  if (ours.length === 0) return null
  const micros = sumMicros(ours.map(({ totalAmount }) => microsOfUsd(totalAmount)))
  const notes = new EvidenceNotes(clock)
  notes.note(`GET ${path}?podId=${instanceId}`, `${formatMicros(micros)} in ${ours.length} hours`)
  return {
    micros,
    from: null,
    to: null,
    final: clock.now() >= until + settledAfterMs,
    evidence: notes.all(),
  }
}

const time = (at: number): string => new Date(at).toISOString()
