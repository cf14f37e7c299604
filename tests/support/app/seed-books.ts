import { mkdirSync } from 'node:fs'
import { offerSchema } from '../../../preload/contract/offer.ts'
import { receiptSchema, rentalIdSchema } from '../../../preload/contract/rental.ts'
import type { BudgetAction, BudgetPeriod, BudgetScope } from '../../../preload/contract/budget.ts'
import { reportingZone, type ReportingZone } from '../../../main/domain/reporting-day.ts'
import { micros as toMicros } from '../../../main/domain/money.ts'
import { homeAt } from '../../../main/engine/home.ts'
import { Budgets } from '../../../main/ledger/budgets.ts'
import { Ledger } from '../../../main/ledger/ledger.ts'
import { meterRental } from '../../../main/ledger/meter.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { settingRows } from '../../../main/store/setting-rows.ts'

/** The zone of prepared books, whatever the computer's. */
export const seedZone = 'Europe/Vienna'

export interface SeedRental {
  readonly job: string
  readonly project: string | null
  readonly providerId: string
  readonly gpu: string | null
  readonly from: number
  readonly minutes: number
  readonly idleMinutes: number
  readonly microsPerHour: number
  readonly estimateMicros: number
  /** The provider's own amount; null where it tells none. */
  readonly billedMicros: number | null
  readonly simulated: boolean
}

/** Of a month and warning, where nothing else is said. */
export interface SeedBudget {
  readonly scope: BudgetScope
  readonly micros: number
  readonly period?: BudgetPeriod
  readonly action?: BudgetAction
}

/** Writes closed rentals and budgets into a home in which no engine runs yet; answers the sum. */
export function seedBooks(
  home: string,
  rentals: readonly SeedRental[],
  budgets: readonly SeedBudget[] = [],
): number {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const database = openDatabase(homeAt(home).databaseFile)
  const total = fillBooks(database, rentals, budgets)
  database.close()
  return total
}

/** The same for a database that is open. */
export function fillBooks(
  database: Database,
  rentals: readonly SeedRental[],
  budgets: readonly SeedBudget[] = [],
): number {
  const ledger = new Ledger(database)
  const zone = reportingZone(seedZone)
  settingRows(database).write('reportingZone', JSON.stringify(seedZone))
  database.transaction(() => {
    for (const [index, rental] of rentals.entries()) {
      ledger.record(metered(rental, index, zone))
    }
    for (const { scope, micros, period = 'month', action = 'warn' } of budgets) {
      new Budgets(database).set({ scope, period, action, micros: toMicros(micros) })
    }
  })
  return ledger.totalMicros()
}

function metered(rental: SeedRental, index: number, zone: ReportingZone) {
  const usedUntil = rental.from + rental.minutes * 60_000
  const goneAt = usedUntil + rental.idleMinutes * 60_000
  const rentalId = rentalIdSchema.parse(`sublet-${String(index).padStart(26, '0')}`)
  const jobId = `job-${rental.job
    .replaceAll(/[^a-z0-9]|[ilou]/g, '0')
    .slice(0, 26)
    .padStart(26, '0')}`
  const account = `${rental.providerId}-main`
  return meterRental(
    {
      rentalId,
      providerId: rental.providerId,
      accountId: account,
      offer: offerSchema.parse({
        id: `${rental.providerId}:${account}:gpu:eu:od`,
        providerId: rental.providerId,
        accountId: account,
        machineType: 'gpu',
        region: 'eu',
        gpu:
          rental.gpu === null
            ? null
            : { name: rental.gpu, vendor: 'nvidia', count: 1, vramGiB: 24 },
        vcpus: 8,
        memoryGiB: 64,
        diskGiB: 100,
        arch: 'x86_64',
        spot: false,
        microsPerHour: rental.microsPerHour,
        billing: {
          incrementMs: 1_000,
          minimumMs: 0,
          startsAt: 'launch',
          diskMicrosPerGibHour: 0,
          egressMicrosPerGib: 0,
        },
        availability: 'available',
        expectedBootMs: 40_000,
        fetchedAt: rental.from,
        source: 'live',
        simulated: rental.simulated,
      }),
      launchedAt: rental.from,
      goneAt,
      receipt: receiptSchema.parse({
        rentalId,
        providerId: rental.providerId,
        accountId: account,
        instanceId: `i-${index}`,
        confirmedAt: goneAt + 4_000,
        billedFrom: null,
        billedTo: null,
        billedMicros: rental.billedMicros,
        evidence: [{ asked: `GET /machines/i-${index}`, answered: '404', at: goneAt + 4_000 }],
      }),
      allocations: [
        {
          jobId,
          jobName: rental.job,
          project: rental.project,
          from: rental.from,
          to: usedUntil,
        },
      ],
      useful: [{ jobId, from: rental.from + 70_000, to: usedUntil - 20_000 }],
      egressBytes: 0,
      estimateMicros: rental.estimateMicros,
    },
    goneAt,
    zone,
  )
}
