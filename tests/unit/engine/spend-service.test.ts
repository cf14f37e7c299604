import { afterEach, expect, it } from 'vitest'
import { budgetStateSchema } from '../../../preload/contract/budget.ts'
import { proposal } from '../../support/fake-facts.ts'
import { fillBooks } from '../../support/app/seed-books.ts'
import { oneRental } from '../../support/app/spend-scenes.ts'
import { intended } from '../../support/rental-events.ts'
import { rentalId } from '../../support/runner-rig.ts'
import { servicesRig, type ServicesRig } from '../../support/services-rig.ts'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { systemClock } from '../../../main/engine/system-clock.ts'
import { warnOfBudgets } from '../../../main/engine/warn-of-budgets.ts'
import { createSettings } from '../../../main/settings/settings.ts'
import { settingRows } from '../../../main/store/setting-rows.ts'

let rig: ServicesRig | null = null
afterEach(() => rig?.close())

const context = {
  signal: new AbortController().signal,
  client: { role: 'test', version: '1.0.0' },
}

it('says the same of this month in the frame, on the page and of the budgets', async () => {
  rig = await servicesRig([])
  const { database, handlers } = rig
  const now = Date.now()
  fillBooks(
    database,
    [oneRental(now), oneRental(now, { simulated: true, providerId: 'sandbox', billedMicros: 5 })],
    [
      { scope: { kind: 'all' }, micros: 700_000 },
      { scope: { kind: 'provider', providerId: 'vast' }, micros: 10_000_000 },
      { scope: { kind: 'project', project: 'speech' }, micros: 10_000_000 },
    ],
  )
  const { snapshot } = await handlers.system.watch({}, context)
  const real = await handlers.ledger.month({ simulated: false }, context)
  const practice = await handlers.ledger.month({ simulated: true }, context)
  expect(snapshot.spend.monthMicros).toBe(real.totalMicros)
  expect(snapshot.practice.monthMicros).toBe(practice.totalMicros)
  expect(real.otherMicros).toBe(practice.totalMicros)
  const today = real.days.find((day) => now >= day.from && now < day.to)
  expect(snapshot.spend.todayMicros).toBe(today?.micros)
  expect(snapshot.monthBudgetMicros).toBe(700_000)
  const { states, month } = await handlers.budgets.list({}, context)
  expect(month).toBe(real.month)
  // The rental began hours ago: in the first hours of a month its head belongs to the last one.
  const vast = await handlers.ledger.groups({ month, simulated: false, by: 'provider' }, context)
  expect(states.map((state) => state.spentMicros)).toEqual([real.totalMicros, 0, vast.totalMicros])
})

it('counts a machine without receipt in burn, today and month, as practice where it is that', async () => {
  rig = await servicesRig([])
  const { database, handlers } = rig
  const journal = new Journal(database, systemClock(undefined))
  journal.append(
    { rental: rentalId, event: intended() },
    { rental: rentalId, event: { kind: 'launch-issued' } },
  )
  const { snapshot } = await handlers.system.watch({}, context)
  expect(snapshot.spend).toEqual({ burnMicrosPerHour: 0, todayMicros: 0, monthMicros: 0 })
  expect(snapshot.practice.burnMicrosPerHour).toBe(800_000)
  // At least the minute that is billed whatever happens.
  expect(snapshot.practice.monthMicros).toBeGreaterThanOrEqual(13_333)
})

it('warns in a proposal of a budget that launching would pass', async () => {
  rig = await servicesRig([])
  const { database } = rig
  fillBooks(database, [oneRental(Date.now())], [{ scope: { kind: 'all' }, micros: 1_000 }])
  const clock = systemClock(undefined)
  const { states } = await rig.handlers.budgets.list({}, context)
  const found = states.map((one) => budgetStateSchema.parse(one))
  const parts = {
    clock,
    settings: createSettings(settingRows(database), silentLogger),
    room: { states: () => found },
  }
  const [chosen] = proposal.offers
  const real = {
    ...proposal,
    chosenOfferId: chosen?.id ?? '',
    offers: proposal.offers.map((offer) => ({ ...offer, simulated: false })),
  }
  expect(warnOfBudgets(parts, real).warnings.at(-1)).toContain('Launching')
  expect(warnOfBudgets(parts, { ...proposal, chosenOfferId: chosen?.id ?? '' }).warnings).toEqual(
    proposal.warnings,
  )
})
