import { sumMicros } from '../../domain/money.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import { EvidenceNotes } from '../evidence.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { EndedRental, ProviderContext, Usage } from '../provider.ts'
import { accountSchema, insightsSchema } from './wire.ts'

const dayMs = 86_400_000
/** Days are booked in the night after them; a night may be late. */
const settledAfterMs = 2 * dayMs
/** "Must be within 31 days of start_date." */
const mostDays = 31

/**
 * What the nightly books say of a droplet, by its name, which no other has. They begin on the day of
 * its launch and may book its last hours a day late. An invoice can still differ by credits and taxes.
 */
export async function usageOf(
  api: HttpApi,
  { clock }: Pick<ProviderContext, 'clock'>,
  { rentalId, launchedAt, endedAt }: EndedRental,
  signal: AbortSignal,
): Promise<Usage | null> {
  const notes = new EvidenceNotes(clock)
  const urn = await teamUrn(api, signal)
  const booked: number[] = []
  const lastAt = Math.min(endedAt + dayMs, clock.now())
  for (let from = startOfDay(launchedAt); from <= lastAt; from += mostDays * dayMs) {
    const to = Math.min(from + (mostDays - 1) * dayMs, lastAt)
    const path = `/billing/${urn}/insights/${day(from)}/${day(to)}`
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const query = { per_page: 200, page }
      const answer = await api.call(insightsSchema, { method: 'GET', path, query }, signal)
      pages = answer.total_pages
      for (const point of answer.data_points) {
        if (!point.description.includes(rentalId)) continue
        booked.push(microsOfUsd(point.total_amount))
        notes.note(`GET ${path}`, `${point.start_date}: ${point.total_amount} USD`)
      }
    }
  }
  if (booked.length === 0) return null
  return {
    micros: sumMicros(booked),
    from: null,
    to: null,
    final: clock.now() >= startOfDay(endedAt) + dayMs + settledAfterMs,
    evidence: notes.all(),
  }
}

async function teamUrn(api: HttpApi, signal: AbortSignal): Promise<string> {
  const { account } = await api.call(accountSchema, { method: 'GET', path: '/account' }, signal)
  return encodeURIComponent(`do:team:${account.team?.uuid ?? account.uuid}`)
}

const startOfDay = (at: number): number => at - (at % dayMs)
const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
