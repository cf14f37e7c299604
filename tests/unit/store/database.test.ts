import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase, schemaVersion } from '../../../main/store/open.ts'
import { migrations } from '../../../main/store/migrations/index.ts'
import type { Migration } from '../../../main/store/migrate.ts'
import { databasesAtEveryVersion } from '../../support/old-databases.ts'

let dir: string
let opened: Database[]

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sublet-store-'))
  opened = []
})
afterEach(() => {
  for (const database of opened) database.close()
  rmSync(dir, { recursive: true })
})

function open(path = ':memory:', list?: readonly Migration[]): Database {
  const database = openDatabase(path, list)
  opened.push(database)
  return database
}

const row = z.object({ a: z.int() })

describe('opening', () => {
  it('reaches the newest schema from every old version, with the same tables', () => {
    const schemaOf = (database: Database) =>
      database.all(
        z.object({ sql: z.string() }),
        'SELECT sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY name',
      )
    const fresh = schemaOf(open())
    for (const old of databasesAtEveryVersion(dir, migrations)) {
      const database = open(old.path)
      expect(schemaVersion(database), `from ${old.version}`).toBe(migrations.length)
      expect(schemaOf(database)).toEqual(fresh)
    }
  })

  it('uses WAL with full synchronisation, foreign keys, and a file for the owner only', () => {
    const path = join(dir, 'a.db')
    const database = open(path)
    expect(database.get(z.unknown(), 'PRAGMA journal_mode')).toMatchObject({ journal_mode: 'wal' })
    expect(database.get(z.unknown(), 'PRAGMA synchronous')).toMatchObject({ synchronous: 2 })
    expect(database.get(z.unknown(), 'PRAGMA foreign_keys')).toMatchObject({ foreign_keys: 1 })
    database.run(`INSERT INTO settings VALUES ('k', '1')`)
    for (const name of readdirSync(dir)) {
      if (process.platform !== 'win32') expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600)
    }
  })

  it('refuses a newer database with a sentence and leaves it alone', () => {
    const path = join(dir, 'a.db')
    const newer = {
      version: 2,
      up: (database: Database) => database.exec('CREATE TABLE later (a)'),
    }
    open(path, [...migrations.slice(0, 1), newer]).close()
    expect(() => open(path, migrations.slice(0, 1))).toThrow(/newer Sublet.*Update Sublet/)
    expect(schemaVersion(open(path, [...migrations.slice(0, 1), newer]))).toBe(2)
  })

  it('leaves no half-applied step', () => {
    const path = join(dir, 'a.db')
    const failing: Migration = {
      version: 1,
      up: (database) => {
        database.exec('CREATE TABLE half (a INTEGER) STRICT')
        throw new Error('planned')
      },
    }
    expect(() => open(path, [failing])).toThrow('planned')
    expect(schemaVersion(open(path))).toBe(migrations.length)
  })

  it('refuses gaps in the numbering', () => {
    expect(() => open(':memory:', [{ version: 2, up: () => undefined }])).toThrow(/numbered 2/)
  })

  it.each(['no database at all', 'a damaged page'])('copies aside and reports: %s', (kind) => {
    const path = join(dir, 'a.db')
    if (kind === 'a damaged page') {
      const database = openDatabase(path)
      for (let i = 0; i < 200; i++) {
        database.run(`INSERT INTO settings VALUES (?, ?)`, [`k${i}`, 'v'.repeat(200)])
      }
      database.close()
      const bytes = readFileSync(path)
      bytes.fill(0xff, 4096)
      writeFileSync(path, bytes)
    } else {
      writeFileSync(path, 'this is no database. '.repeat(500))
    }
    const before = readFileSync(path)
    expect(() => open(path)).toThrow(/is damaged; a copy stands in .*damaged-/)
    expect(() => open(path)).toThrow(/is damaged/)
    const copies = readdirSync(dir).filter((name) => /damaged-[0-9a-f]+$/.test(name))
    expect(copies).toHaveLength(1)
    expect(readFileSync(join(dir, copies[0] ?? '')).equals(before)).toBe(true)
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})

describe('rows', () => {
  it('parses rows, and says which field is wrong', () => {
    const database = open()
    database.exec('CREATE TABLE t (a INTEGER) STRICT')
    expect(database.run('INSERT INTO t VALUES (:a)', { a: 5 })).toMatchObject({ changes: 1 })
    expect(database.get(row, 'SELECT a FROM t')).toEqual({ a: 5 })
    expect(database.get(row, 'SELECT a FROM t WHERE a = ?', [6])).toBeNull()
    expect(database.all(row, 'SELECT a FROM t')).toEqual([{ a: 5 }])
    expect(() => database.get(z.object({ a: z.string() }), 'SELECT a FROM t')).toThrow(/\(a\)/)
  })

  it('never rounds an integer', () => {
    const database = open()
    database.exec('CREATE TABLE t (a INTEGER) STRICT')
    database.run('INSERT INTO t VALUES (?)', [Number.MAX_SAFE_INTEGER])
    expect(database.get(row, 'SELECT a FROM t')).toEqual({ a: Number.MAX_SAFE_INTEGER })
    expect(() => database.run('INSERT INTO t VALUES (?)', [2 ** 53])).toThrow(/too large/)
    database.exec('UPDATE t SET a = a + 1')
    expect(() => database.get(row, 'SELECT a FROM t')).toThrow(/too large/)
  })

  it('iterates while the same query runs elsewhere', () => {
    const database = open()
    database.exec('CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1), (2), (3)')
    const seen: number[] = []
    for (const { a } of database.iterate(row, 'SELECT a FROM t ORDER BY a')) {
      seen.push(a)
      database.get(row, 'SELECT a FROM t ORDER BY a')
    }
    expect(seen).toEqual([1, 2, 3])
  })
})

describe('transactions', () => {
  it('keeps the outer work when a nested one fails, and nothing when the outer fails', () => {
    const database = open()
    database.exec('CREATE TABLE t (a INTEGER) STRICT')
    const insert = (a: number) => database.run('INSERT INTO t VALUES (?)', [a])
    database.transaction(() => {
      insert(1)
      expect(() =>
        database.transaction(() => {
          insert(2)
          throw new Error('inner')
        }),
      ).toThrow('inner')
      database.transaction(() => insert(3))
    })
    expect(() =>
      database.transaction(() => {
        database.transaction(() => insert(4))
        throw new Error('outer')
      }),
    ).toThrow('outer')
    expect(database.all(row, 'SELECT a FROM t')).toEqual([{ a: 1 }, { a: 3 }])
  })

  it('refuses asynchronous work and rolls it back', () => {
    const database = open()
    database.exec('CREATE TABLE t (a INTEGER) STRICT')
    expect(() =>
      database.transaction(async () => {
        database.run('INSERT INTO t VALUES (1)')
      }),
    ).toThrow(/synchronous/)
    expect(database.all(row, 'SELECT a FROM t')).toEqual([])
  })
})

describe('the journal', () => {
  it('only grows', () => {
    const database = open()
    const insert = `INSERT INTO journal (stream, at, kind, version, data) VALUES ('s', 1, 'k', 1, '{}')`
    database.run(insert)
    expect(() => database.run(`UPDATE journal SET data = '[]'`)).toThrow(/append-only/)
    expect(() => database.run('DELETE FROM journal')).toThrow(/append-only/)
    expect(() =>
      database.run(
        `INSERT OR REPLACE INTO journal SELECT seq, stream, at, kind, 2, data FROM journal`,
      ),
    ).toThrow(/append-only/)
    expect(database.run(insert).lastInsertRowid).toBe(2)
  })
})
