import { randomBytes } from 'node:crypto'
import { notFound } from './api/errors.ts'
import type { Store } from './store.ts'

export const extraKinds = ['disk', 'address', 'spot-request'] as const
export type ExtraKind = (typeof extraKinds)[number]

/** Something that is billed, or may rent by itself, without being a machine. */
export interface ExtraRecord {
  readonly id: string
  readonly kind: ExtraKind
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly region: string
  /** The machine it was made for; null for one that never had any. */
  readonly machineId: string | null
  /** Null where this cloud does not say what it costs. */
  readonly microsPerHour: number | null
  readonly createdAt: number
  readonly endedAt: number | null
}

/** An address costs this while no machine uses it. A spot request costs nothing until it rents. */
export const addressMicrosPerHour = 5_000

const prefixes: Readonly<Record<ExtraKind, string>> = {
  disk: 'vol',
  address: 'adr',
  'spot-request': 'spot',
}
const setting = 'extras'
const hourMs = 3_600_000

/** Disks, addresses and spot requests, in memory and on disk at once; ended ones are kept for the bill. */
export class Extras {
  readonly #store: Store
  readonly #changed: () => void
  #records: readonly ExtraRecord[]

  /** `changed` is called after every write. */
  constructor(store: Store, changed: () => void) {
    this.#store = store
    this.#changed = changed
    this.#records = (store.setting(setting) as readonly ExtraRecord[] | undefined) ?? []
  }

  live(): readonly ExtraRecord[] {
    return this.#records.filter(({ endedAt }) => endedAt === null)
  }

  add(extra: Omit<ExtraRecord, 'id' | 'endedAt'>): ExtraRecord {
    const id = `${prefixes[extra.kind]}-${randomBytes(6).toString('hex')}`
    const added = { ...extra, id, endedAt: null }
    this.#keep([...this.#records, added])
    return added
  }

  /** Ends one; throws `not-found` for one that there is not, or not any more. */
  end(kind: ExtraKind, id: string, at: number): void {
    const known = this.live().find((one) => one.id === id && one.kind === kind)
    if (known === undefined) throw notFound(`${kind} ${id}`)
    this.#keep(this.#records.map((one) => (one === known ? { ...one, endedAt: at } : one)))
  }

  /** What the things of one machine have cost, or (null) those that belong to none. */
  billedMicros(machineId: string | null, now: number): number {
    return this.#records
      .filter((one) => one.machineId === machineId)
      .reduce((sum, one) => sum + costOf(one, now), 0)
  }

  #keep(records: readonly ExtraRecord[]): void {
    this.#records = records
    this.#store.setSetting(setting, records)
    this.#changed()
  }
}

function costOf({ microsPerHour, createdAt, endedAt }: ExtraRecord, now: number): number {
  if (microsPerHour === null) return 0
  return Math.round((microsPerHour * Math.max(0, (endedAt ?? now) - createdAt)) / hourMs)
}
