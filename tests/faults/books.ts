import { DatabaseSync } from 'node:sqlite'
import type { RentalEvent } from '../../main/domain/rental/events.ts'
import { homeAt } from '../../main/engine/home.ts'
import { journalRowSchema, parseRentalRow } from '../../main/jobs/journal/rows.ts'
import type { SandboxControl } from '../support/sandbox.ts'

/** What the sandbox says it has rented and billed, held against a home's journal and ledger. */
export interface Books {
  /** Machines that the sandbox has ever launched. */
  readonly machines: number
  readonly billedMicros: number
  readonly ledgerMicros: number
  /** What still costs money, or was launched without anybody knowing, a sentence each. */
  readonly leaked: readonly string[]
  /** Receipts and ledger lines that are missing or untrue, a sentence each. */
  readonly wrong: readonly string[]
}

/** Rentals of a home, by id: every event that the journal has. */
type Rentals = ReadonlyMap<string, readonly RentalEvent[]>

/**
 * Reads both sides from where they stand, the home's database and the sandbox's control API, so
 * that neither the engine nor planted faults have a part in the answer. The engine may run.
 */
export async function readBooks(home: string, sandbox: SandboxControl): Promise<Books> {
  const machines = await sandbox.machines()
  const billables = await sandbox.billables()
  const { rentals, ledger } = readHome(home)
  const leaked: string[] = billables.map(
    ({ kind, id, name, state }) => `${kind} ${id} of ${name} still costs money (${state}).`,
  )
  const wrong: string[] = []
  const names = new Set<string>()
  for (const { id, name, endedAt, billing } of machines) {
    if (names.has(name)) leaked.push(`${name} was launched twice.`)
    names.add(name)
    const events = rentals.get(name)
    if (events === undefined) {
      leaked.push(`${name} (${id}) is in no journal.`)
      continue
    }
    const booked = ledger.get(name) ?? 0
    if (booked !== billing.billedMicros) {
      wrong.push(`${name}: the ledger says ${booked}, the sandbox ${billing.billedMicros}.`)
    }
    const receipt = receiptOf(events)
    if (receipt === null) continue
    if (endedAt === null || endedAt > receipt.confirmedAt) {
      leaked.push(`${name} has a receipt of ${receipt.confirmedAt}, but ended at ${endedAt}.`)
    }
    if (receipt.instanceId !== id || receipt.billedMicros !== billing.billedMicros) {
      wrong.push(
        `The receipt of ${name} says ${receipt.instanceId} and ${receipt.billedMicros}, the sandbox ${id} and ${billing.billedMicros}.`,
      )
    }
  }
  for (const [id, events] of rentals) {
    if (receiptOf(events) === null) wrong.push(`${id} has no receipt.`)
    if (!names.has(id) && ledger.has(id)) wrong.push(`${id} never was, but is in the ledger.`)
  }
  return {
    machines: machines.length,
    billedMicros: machines.reduce((sum, { billing }) => sum + billing.billedMicros, 0),
    ledgerMicros: [...ledger.values()].reduce((sum, micros) => sum + micros, 0),
    leaked,
    wrong,
  }
}

function receiptOf(events: readonly RentalEvent[]) {
  const released = events.findLast((event) => event.kind === 'released')
  return released?.receipt ?? null
}

function readHome(home: string): {
  readonly rentals: Rentals
  readonly ledger: ReadonlyMap<string, number>
} {
  const database = new DatabaseSync(homeAt(home).databaseFile, { readOnly: true, timeout: 5_000 })
  try {
    const rentals = new Map<string, RentalEvent[]>()
    const rows = database.prepare("SELECT * FROM journal WHERE stream LIKE 'sublet-%' ORDER BY seq")
    for (const row of rows.all().map((one) => journalRowSchema.parse(one))) {
      rentals.set(row.stream, [...(rentals.get(row.stream) ?? []), parseRentalRow(row)])
    }
    const sums = database
      .prepare('SELECT rental_id, sum(micros) AS micros FROM ledger_entries GROUP BY rental_id')
      .all()
    const ledger = new Map(sums.map((row) => [String(row['rental_id']), Number(row['micros'])]))
    return { rentals, ledger }
  } finally {
    database.close()
  }
}
