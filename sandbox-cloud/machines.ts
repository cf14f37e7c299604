import type { Extras } from './extras.ts'
import { billFor } from './meter.ts'
import type { Bill } from './meter.ts'
import { isLive } from './records.ts'
import type { MachineRecord } from './records.ts'
import type { Store } from './store.ts'

/** All machines there ever were, in memory and on disk at once. */
export class Machines {
  readonly #store: Store
  readonly #records: Map<string, MachineRecord>
  readonly #extras: Pick<Extras, 'billedMicros' | 'live'>
  readonly #changed: () => void

  /** `changed` is called after every write. */
  constructor(store: Store, extras: Pick<Extras, 'billedMicros' | 'live'>, changed: () => void) {
    this.#store = store
    this.#extras = extras
    this.#records = new Map(store.machines().map((record) => [record.id, record]))
    this.#changed = changed
  }

  all(): readonly MachineRecord[] {
    return [...this.#records.values()]
  }

  live(): readonly MachineRecord[] {
    return this.all().filter((record) => isLive(record))
  }

  byId(id: string): MachineRecord | undefined {
    return this.#records.get(id)
  }

  byName(name: string): MachineRecord | undefined {
    return this.all().find((record) => record.name === name)
  }

  mustBe(id: string): MachineRecord {
    const record = this.#records.get(id)
    if (record === undefined) throw new Error(`There is no machine ${id}.`)
    return record
  }

  save(record: MachineRecord): void {
    this.#store.save(record)
    this.#records.set(record.id, record)
    this.#changed()
  }

  update(id: string, change: Partial<MachineRecord>): MachineRecord {
    const record = { ...this.mustBe(id), ...change }
    this.save(record)
    return record
  }

  /** Live machines, and everything that was ever billed, in micro-dollars. */
  summary(now: number): { readonly machines: number; readonly billedMicros: number } {
    const billedMicros = this.all().reduce(
      (sum, record) => sum + this.bill(record, now).billedMicros,
      this.#extras.billedMicros(null, now),
    )
    return { machines: this.live().length, billedMicros }
  }

  /** How many things cost money or may rent by themselves: machines, and all that is none. */
  billables(): number {
    const disks = this.all().filter(({ diskLeft }) => diskLeft).length
    return this.live().length + disks + this.#extras.live().length
  }

  /** The meter's reading for one machine, with what it left behind. A failed boot stops the meter. */
  bill(record: MachineRecord, now: number): Bill {
    const bill = billFor(record, now)
    return {
      ...bill,
      billedMicros: bill.billedMicros + this.#extras.billedMicros(record.id, now),
    }
  }
}
