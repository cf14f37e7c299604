import type { SpendKey, SpendQuery } from '../../../preload/contract/spend.ts'
import type { Params } from '../../app/routes.ts'

/** What a bar opened: a day, a group, or nothing. */
export type SpendPick =
  | { readonly kind: 'all' }
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'idle' }
  /** Null: what belongs to no project, or to machines without GPU. */
  | { readonly kind: 'group'; readonly by: SpendKey; readonly key: string | null }

/** What the page shows; it stands in the address, so that back and reload work. */
export interface SpendView {
  /** `2026-11`; null for the present month. */
  readonly month: string | null
  /** Null: real money, or practice money where there is nothing else. */
  readonly money: 'real' | 'practice' | null
  readonly by: SpendKey
  readonly pick: SpendPick
}

const keys: readonly SpendKey[] = ['project', 'provider', 'gpu', 'job']

/** Reads the view from the address; what is not understood is left out. */
export function viewOf(params: Params): SpendView {
  const month = params['month']
  const money = params['money']
  return {
    month: month !== undefined && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : null,
    money: money === 'real' || money === 'practice' ? money : null,
    by: keys.find((key) => key === params['by']) ?? 'project',
    pick: pickOf(params),
  }
}

function pickOf(params: Params): SpendPick {
  const day = params['day']
  if (day !== undefined && /^\d{4}-\d\d-\d\d$/.test(day)) return { kind: 'day', day }
  if (params['of'] === 'idle') return { kind: 'idle' }
  const by = keys.find((key) => key === params['of'])
  return by === undefined ? { kind: 'all' } : { kind: 'group', by, key: params['key'] ?? null }
}

/** The address of a view, as `viewOf` reads it. */
export function paramsOf({ month, money, by, pick }: SpendView): Params {
  return {
    ...(month === null ? {} : { month }),
    ...(money === null ? {} : { money }),
    ...(by === 'project' ? {} : { by }),
    ...pickParams(pick),
  }
}

function pickParams(pick: SpendPick): Params {
  switch (pick.kind) {
    case 'all':
      return {}
    case 'day':
      return { day: pick.day }
    case 'idle':
      return { of: 'idle' }
    case 'group':
      return { of: pick.by, ...(pick.key === null ? {} : { key: pick.key }) }
  }
}

/** What the engine is asked for the table: the part of the month that was picked. */
export function queryOf(
  pick: SpendPick,
  month: {
    readonly month: string
    readonly days: readonly { readonly day: string; readonly from: number; readonly to: number }[]
  },
  simulated: boolean,
): SpendQuery {
  const query = { month: month.month, simulated }
  switch (pick.kind) {
    case 'all':
      return query
    case 'idle':
      return { ...query, idle: true }
    case 'day': {
      const day = month.days.find((one) => one.day === pick.day)
      return day === undefined ? query : { ...query, from: day.from, to: day.to }
    }
    case 'group':
      return { ...query, ...groupQuery(pick.by, pick.key) }
  }
}

function groupQuery(by: SpendKey, key: string | null): Partial<SpendQuery> {
  if (by === 'project') return { project: key, idle: false }
  if (by === 'gpu') return { gpu: key, idle: false }
  if (key === null) return { idle: false }
  return by === 'job' ? { jobId: key, idle: false } : { providerId: key, idle: false }
}

export function samePick(a: SpendPick, b: SpendPick): boolean {
  return JSON.stringify(pickParams(a)) === JSON.stringify(pickParams(b))
}
