import { z } from 'zod'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { Micros } from '../../preload/contract/money.ts'
import type { SpendGroup, SpendKey } from '../../preload/contract/spend.ts'
import { sumMicros } from '../domain/money.ts'
import type { Database } from '../store/database.ts'
import { filter, matches } from './filter.ts'
import type { LedgerQuery } from './filter.ts'

export interface SpendGroups {
  /** Dearest first; idle time last. */
  readonly groups: readonly SpendGroup[]
  readonly restCount: number
  readonly restMicros: Micros
  readonly totalMicros: Micros
}

interface Sum {
  readonly key: string | null
  readonly idle: boolean
  readonly name: string | null
  readonly micros: number
}

const columnOf: Readonly<Record<SpendKey, string>> = {
  project: 'project',
  provider: 'provider_id',
  gpu: 'gpu',
  job: 'job_id',
}
const withoutKey: Readonly<Record<SpendKey, string>> = {
  project: 'no project',
  provider: 'no provider',
  gpu: 'no GPU',
  job: 'no job',
}
const row = z.object({
  key: z.string().nullable(),
  idle: z.int().transform((flag) => flag === 1),
  name: z.string().nullable(),
  micros: z.int(),
})

/** Where the money of a query went; groups, rest and idle add up to the total exactly. */
export function spendGroups(
  database: Database,
  open: readonly LedgerEntry[],
  query: LedgerQuery,
  by: SpendKey,
  most = 100,
): SpendGroups {
  const { where, params } = filter(query)
  const column = columnOf[by]
  const name = by === 'job' ? 'MAX(job_name)' : 'NULL'
  const booked = database.all(
    row,
    `SELECT CASE WHEN job_id IS NULL THEN NULL ELSE ${column} END AS key, job_id IS NULL AS idle,
      ${name} AS name, SUM(micros) AS micros FROM ledger_entries ${where} GROUP BY 1, 2`,
    params,
  )
  const live = open.filter((entry) => matches(entry, query)).map((entry) => sumOf(entry, by))
  const sums = [...merge([...booked, ...live]).values()].sort(
    (a, b) => Number(a.idle) - Number(b.idle) || b.micros - a.micros || order(a.key, b.key),
  )
  const used = sums.filter((sum) => !sum.idle)
  const rest = used.slice(most)
  return {
    groups: [...used.slice(0, most), ...sums.filter((sum) => sum.idle)].map((sum) => ({
      key: sum.key,
      label: sum.idle ? 'idle, paid for' : (sum.name ?? sum.key ?? withoutKey[by]),
      micros: sumMicros([sum.micros]),
      idle: sum.idle,
    })),
    restCount: rest.length,
    restMicros: sumMicros(rest.map((sum) => sum.micros)),
    totalMicros: sumMicros(sums.map((sum) => sum.micros)),
  }
}

function sumOf(entry: LedgerEntry, by: SpendKey): Sum {
  const idle = entry.jobId === null
  const keys: Readonly<Record<SpendKey, string | null>> = {
    project: entry.project,
    provider: entry.providerId,
    gpu: entry.gpu,
    job: entry.jobId,
  }
  const name = by === 'job' ? entry.jobName : null
  return { key: idle ? null : keys[by], idle, name, micros: entry.micros }
}

function merge(sums: readonly Sum[]): Map<string, Sum> {
  const merged = new Map<string, Sum>()
  for (const sum of sums) {
    const id = JSON.stringify([sum.idle, sum.key])
    const known = merged.get(id)
    merged.set(id, {
      ...sum,
      name: sum.name ?? known?.name ?? null,
      micros: sumMicros([sum.micros, known?.micros ?? 0]),
    })
  }
  return merged
}

function order(a: string | null, b: string | null): number {
  return (a ?? '') < (b ?? '') ? -1 : 1
}
