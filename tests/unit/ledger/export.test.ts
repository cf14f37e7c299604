import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { exportEntries } from '../../../main/ledger/export.ts'
import { Ledger } from '../../../main/ledger/ledger.ts'
import { meterRental } from '../../../main/ledger/meter.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { parseCsv } from '../../support/parse-csv.ts'
import { accountOf, zone } from './spend-book.ts'

const now = Date.parse('2026-04-02T00:00:00Z')
let database: Database
let ledger: Ledger

beforeEach(() => {
  database = openDatabase(':memory:')
  ledger = new Ledger(database)
})
afterEach(() => database.close())

function fill(count: number): void {
  database.transaction(() => {
    for (let index = 0; index < count; index += 1) ledger.record(metered(index, false))
  })
}

function metered(index: number, open: boolean) {
  return meterRental(
    accountOf(
      {
        startHour: index % 700,
        minutes: 90,
        idleMinutes: 7,
        micros: 1_000_003 + index,
        project: '=vision',
        provider: 'vast',
        job: index % 4,
        open,
      },
      index,
    ),
    now,
    zone,
  )
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

describe('the export', () => {
  it('has every entry once over many pages, adds up, and carries zone and statuses', async () => {
    fill(1_200)
    const open = metered(2_000, true).entries
    const text = await joined(exportEntries(database, open, {}, 'csv', zone.name))
    const [head = [], ...lines] = parseCsv(text)
    expect(lines).toHaveLength(ledger.list().length + open.length)
    const column = (name: string): string[] => lines.map((line) => line[head.indexOf(name)] ?? '?')
    const total = column('amount_micros').reduce((sum, cell) => sum + Number(cell), 0)
    const expected = ledger.totalMicros() + open.reduce((sum, entry) => sum + entry.micros, 0)
    expect(total).toBe(expected)
    expect(new Set(column('project'))).toEqual(new Set(["'=vision", '']))
    expect(column('from')[0]).toBe('2026-03-01T00:00:00.000+01:00')
    expect(column('from').some((at) => at.endsWith('+02:00'))).toBe(true)
    expect(column('amount_usd')[0]).toMatch(/^0\.\d{6}$/)
    expect(column('status').at(-1)).toBe('estimated')
  })

  it('has what is booked while it is written only once', async () => {
    fill(1_200)
    const open = metered(2_000, true).entries
    const pieces = exportEntries(database, open, {}, 'csv', zone.name)
    let text = ''
    let count = 0
    for await (const piece of pieces) {
      text += piece
      count += 1
      // The head and a first page are out when its receipt comes.
      if (count === 2) ledger.record(metered(2_000, false))
    }
    const [head = [], ...lines] = parseCsv(text)
    const ids = lines.map((line) =>
      ['rental', 'part', 'job_id', 'from'].map((name) => line[head.indexOf(name)]).join(' '),
    )
    expect(new Set(ids).size).toBe(ids.length)
    const amounts = lines.map((line) => Number(line[head.indexOf('amount_micros')]))
    expect(amounts.reduce((sum, one) => sum + one, 0)).toBe(ledger.totalMicros())
  })

  it('is valid JSON with the same sum', async () => {
    fill(3)
    const text = await joined(exportEntries(database, [], {}, 'json', zone.name))
    const rows = z.array(z.object({ micros: z.int(), usd: z.string() })).parse(JSON.parse(text))
    expect(rows.reduce((sum, row) => sum + row.micros, 0)).toBe(ledger.totalMicros())
    expect(JSON.parse(await joined(exportEntries(database, [], { to: 0 }, 'json', 'UTC')))).toEqual(
      [],
    )
  })

  it('keeps to the query', async () => {
    fill(10)
    const query = { simulated: false, idle: true }
    const [, ...lines] = parseCsv(
      await joined(exportEntries(database, [], query, 'csv', zone.name)),
    )
    expect(lines).toHaveLength(ledger.list(query).length)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.every((line) => line[10] === 'idle')).toBe(true)
  })
})
