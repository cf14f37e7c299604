import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Budgets } from '../../../main/ledger/budgets.ts'
import { micros } from '../../../main/domain/money.ts'
import { Ledger } from '../../../main/ledger/ledger.ts'
import { migrations } from '../../../main/store/migrations/index.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { databasesAtEveryVersion } from '../../support/old-databases.ts'

const rental = `sublet-${'0'.repeat(26)}`
const month = { period: 'month' as const, action: 'warn' as const }
const today = { period: 'day' as const, action: 'stop' as const }
let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sublet-spend-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('books of an older Sublet', () => {
  it('keep their money, learn the receipt from the journal, and do not invent useful time', () => {
    const files = databasesAtEveryVersion(dir, migrations, (version, database) => {
      if (version === 2) {
        database.run(`INSERT INTO budgets (id, kind, name, micros) VALUES ('all', 'all', '', 7)`)
      }
      if (version !== 1) return
      database.run(
        `INSERT INTO ledger_entries (id, rental_id, account_id, provider_id, part, from_at, to_at,
          micros, metered_micros, status, simulated)
          VALUES ('a', ?, 'main', 'vast', 'compute', 1000, 61000, 500, 400, 'reconciled', 0),
            ('b', ?, 'main', 'vast', 'storage', 1000, 61000, 20, 20, 'reconciled', 0)`,
        [rental, rental],
      )
      database.run(
        `INSERT INTO journal (stream, at, kind, version, data) VALUES (?, 1, 'released', 1, ?)`,
        [rental, JSON.stringify({ receipt: { confirmedAt: 62_000 } })],
      )
    })
    for (const { version, path } of files) {
      const database = openDatabase(path)
      const entries = new Ledger(database).list()
      if (version === 1) {
        expect(entries).toMatchObject([
          { micros: 500, meteredMicros: 400, billedMs: 60_000, usefulMs: null, receiptAt: 62_000 },
          { micros: 20, billedMs: 0, receiptAt: 62_000 },
        ])
      }
      const budgets = new Budgets(database)
      if (version === 2) {
        expect(budgets.list()).toEqual([{ ...month, scope: { kind: 'all' }, id: 'all', micros: 7 }])
      }
      const vision = { kind: 'project' as const, project: 'vision' }
      budgets.set({ ...month, scope: vision, micros: micros(5_000_000) })
      budgets.set({ ...month, scope: { kind: 'all' }, micros: micros(1_000_000) })
      budgets.set({ ...today, scope: { kind: 'all' }, micros: micros(300_000) })
      budgets.set({ ...month, scope: { kind: 'all' }, micros: micros(2_000_000) })
      expect(budgets.list()).toEqual([
        { ...today, id: 'day:all', scope: { kind: 'all' }, micros: 300_000 },
        { ...month, id: 'all', scope: { kind: 'all' }, micros: 2_000_000 },
        { ...month, id: 'project:vision', scope: vision, micros: 5_000_000 },
      ])
      expect(() => budgets.set({ ...month, scope: { kind: 'all' }, micros: micros(0) })).toThrow(
        'more than $0.00',
      )
      budgets.remove('all')
      expect(budgets.list()).toHaveLength(2)
      database.close()
    }
  })
})
