import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { micros } from '../../../../main/domain/money.ts'
import { Journal } from '../../../../main/jobs/journal/journal.ts'
import { systemClock } from '../../../../main/engine/system-clock.ts'
import type { Engine } from '../../../../renderer/engine.ts'
import { createSpendStore } from '../../../../renderer/features/spend/spend-store.ts'
import { viewOf } from '../../../../renderer/features/spend/spend-view.ts'
import { fillBooks, type SeedBudget, type SeedRental } from '../../../support/app/seed-books.ts'
import { manyRentals, oneRental } from '../../../support/app/spend-scenes.ts'
import { offer } from '../../../support/fake-facts.ts'
import { pageEngine } from '../../../support/page-engine.ts'
import { parseCsv } from '../../../support/parse-csv.ts'
import { intended } from '../../../support/rental-events.ts'
import { rentalId } from '../../../support/runner-rig.ts'
import { servicesRig, type ServicesRig } from '../../../support/services-rig.ts'

/** Within a month that is over, so that no test depends on the day it runs. */
const then = Date.parse('2026-03-31T12:00:00Z')
const march = viewOf({ month: '2026-03' })
let rig: ServicesRig
let engine: Engine
afterEach(() => {
  engine.close()
  rig.close()
})

async function start(rentals: readonly SeedRental[], budgets: readonly SeedBudget[] = []) {
  rig = await servicesRig([])
  fillBooks(rig.database, rentals, budgets)
  engine = pageEngine(rig.handlers)
  return createSpendStore(engine)
}

it('reads a month, its groups and the rows in sight; the figures agree', async () => {
  const store = await start(manyRentals(then, 60, 8))
  await store.show(march)
  const { month, groups, table, months, problem } = store.state.getState()
  expect(problem).toBeNull()
  expect(month).toMatchObject({ month: '2026-03', zone: 'Europe/Vienna', simulated: false })
  expect(month?.days).toHaveLength(31)
  expect(groups?.totalMicros).toBe(month?.totalMicros)
  expect(table?.totalMicros).toBe(month?.totalMicros)
  expect(table?.total).toBeGreaterThan(150)
  expect(table?.rows.size).toBe(100)
  expect(months?.map((one) => one.month)).toContain('2026-02')
  await store.need(120, 160)
  const { table: more } = store.state.getState()
  expect(more?.rows.has(160)).toBe(true)
  await store.need(0, (more?.total ?? 1) - 1)
  const rows = [...(store.state.getState().table?.rows.values() ?? [])]
  expect(rows.reduce((sum, row) => sum + row.micros, 0)).toBe(month?.totalMicros)
})

it('shows what is behind a bar: a day, a group, idle time; all add up to it', async () => {
  const store = await start(manyRentals(then, 31, 6))
  for (const by of ['project', 'provider', 'gpu', 'job'] as const) {
    await store.show({ ...march, by })
    for (const group of store.state.getState().groups?.groups ?? []) {
      const pick = group.idle
        ? ({ kind: 'idle' } as const)
        : ({ kind: 'group', by, key: group.key } as const)
      await store.show({ ...march, by, pick })
      expect(store.state.getState().table?.totalMicros, group.label).toBe(group.micros)
    }
  }
  const day = store.state.getState().month?.days.find((one) => one.micros > 0)
  await store.show({ ...march, pick: { kind: 'day', day: day?.day ?? '' } })
  expect(store.state.getState().table?.totalMicros).toBe(day?.micros)
})

it('never mixes practice money with real money', async () => {
  const practice = { simulated: true, providerId: 'sandbox' }
  const store = await start([oneRental(then, practice)])
  await store.show(march)
  // Nothing else is there: it is shown as what it is.
  expect(store.state.getState().month).toMatchObject({
    simulated: true,
    totalMicros: 681_000,
    otherMicros: 0,
  })
  await store.show({ ...march, money: 'real' })
  expect(store.state.getState()).toMatchObject({
    month: { simulated: false, totalMicros: 0, otherMicros: 681_000 },
    table: { total: 0 },
  })
})

it('exports what is shown, to the same sum', async () => {
  const store = await start(manyRentals(then, 45, 10))
  await store.show(march)
  const { fileName, mediaType, parts } = await store.exportFile('csv', 'shown')
  expect({ fileName, mediaType }).toEqual({
    fileName: 'sublet-spend-2026-03.csv',
    mediaType: 'text/csv',
  })
  const [head = [], ...lines] = parseCsv(parts.join(''))
  const column = head.indexOf('amount_micros')
  const sum = lines.reduce((total, line) => total + Number(line[column]), 0)
  expect(sum).toBe(store.state.getState().month?.totalMicros)
  const all = await store.exportFile('json', 'all')
  const entries = z
    .array(z.object({ simulated: z.boolean() }))
    .parse(JSON.parse(all.parts.join('')))
  expect(entries.length).toBeGreaterThan(lines.length)
  expect(entries.every((entry) => !entry.simulated)).toBe(true)
})

const month = { period: 'month' as const, action: 'stop' as const }

it('sets, changes and removes budgets, and keeps the engine’s refusal', async () => {
  const store = await start([])
  await store.show(march)
  await store.setBudget({ ...month, scope: { kind: 'all' }, micros: micros(100_000_000) })
  const vision = { kind: 'project' as const, project: 'vision' }
  await store.setBudget({ ...month, scope: vision, micros: micros(5_000_000) })
  await store.setBudget({ ...month, scope: { kind: 'all' }, micros: micros(80_000_000) })
  expect(store.state.getState().budgets?.map((one) => one.sentence)).toEqual([
    '$0.00 of the monthly budget ($80.00) is spent.',
    '$0.00 of the monthly budget of the project vision ($5.00) is spent.',
  ])
  const none = { ...month, scope: { kind: 'all' as const }, micros: micros(0) }
  await expect(store.setBudget(none)).rejects.toThrow('more than $0.00')
  await store.removeBudget('all')
  expect(store.state.getState().budgets).toHaveLength(1)
})

it('prices a machine that is still there as of now, before all that is settled', async () => {
  const store = await start([oneRental(Date.now())])
  const journal = new Journal(rig.database, systemClock(undefined))
  const real = { ...offer, simulated: false }
  journal.append(
    { rental: rentalId, event: { ...intended(), offer: real } },
    { rental: rentalId, event: { kind: 'launch-issued' } },
  )
  await store.show(viewOf({}))
  const { month, table } = store.state.getState()
  expect(month?.openRentals).toBe(1)
  expect(table?.rows.get(0)).toMatchObject({
    rentalId,
    status: 'estimated',
    reconciledMicros: null,
    receiptAt: null,
  })
  expect(table?.total).toBe(2)
})

it('keeps what it shows when a reading fails, and says why', async () => {
  const store = await start([oneRental(then)])
  await store.show(march)
  await store.show(viewOf({ month: '2300-01' }))
  const { problem, month, loading } = store.state.getState()
  expect(problem?.message).toContain('is not a month')
  expect(month?.month).toBe('2026-03')
  expect(loading).toBe(false)
})
