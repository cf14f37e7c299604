import type { Clock } from '../../domain/clock.ts'
import { sumMicros } from '../../domain/money.ts'
import type { HttpApi, HttpCall } from '../http/http-api.ts'
import type { EndedRental, Usage } from '../provider.ts'
import { dollars } from './units.ts'
import { chargesSchema } from './wire.ts'

const dayMs = 86_400_000
const mostPages = 20

/**
 * What the books say of an ended rental: GPU, disk and traffic, to a tenth of a cent. Final once
 * the UTC day after its last is over; before that a charge may still be booked.
 */
export async function chargesOf(
  api: HttpApi,
  { instanceId, launchedAt, endedAt }: EndedRental,
  clock: Clock,
  signal: AbortSignal,
): Promise<Usage | null> {
  if (instanceId === null) return null
  const firstDay = Math.floor(launchedAt / dayMs) * dayMs
  const afterLast = (Math.floor(endedAt / dayMs) + 1) * dayMs
  const day = { gte: firstDay / 1_000, lte: afterLast / 1_000 - 1 }
  const source = `instance-${instanceId}`
  const found = []
  let token: string | null | undefined
  for (let page = 1; page <= mostPages; page += 1) {
    const call: HttpCall = {
      method: 'GET',
      path: '/api/v0/charges/',
      query: {
        select_filters: JSON.stringify({ day, type: { in: ['instance'] } }),
        limit: 500,
        ...(token ? { after_token: token } : {}),
      },
    }
    const { results, next_token: next } = await api.call(chargesSchema, call, signal)
    found.push(...results.filter((row) => row.source === source))
    if (!next || next === token) break
    token = next
  }
  if (found.length === 0) return null
  const micros = sumMicros(found.map(({ amount }) => dollars(amount)))
  const starts = found.flatMap(({ start }) => (start == null ? [] : [start * 1_000]))
  const ends = found.flatMap(({ end }) => (end == null ? [] : [end * 1_000]))
  const at = clock.now()
  const answered = `${source}: $${(micros / 1_000_000).toFixed(3)}`
  return {
    micros,
    from: starts.length === 0 ? null : Math.round(Math.min(...starts)),
    to: ends.length === 0 ? null : Math.round(Math.max(...ends)),
    final: at >= afterLast + dayMs,
    evidence: [{ asked: 'GET /api/v0/charges', answered, at }],
  }
}
