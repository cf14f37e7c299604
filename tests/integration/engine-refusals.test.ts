import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Home } from '../../main/engine/home.ts'
import { takeLock } from '../../main/engine/lock.ts'
import { openDatabase } from '../../main/store/open.ts'
import { EngineHome } from '../support/engine-home.ts'
import { eventually } from '../support/eventually.ts'

let place: EngineHome
let home: Home
const connect: EngineHome['connect'] = (...values) => place.connect(...values)

beforeEach(() => {
  place = new EngineHome()
  home = place.home
})
afterEach(() => place.remove())

describe('refusals', () => {
  it('without an engine and without leave to start one', async () => {
    await expect(connect({ startIfAbsent: false })).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('a wrong token', async () => {
    const { client } = await connect()
    await client.api.maths.double({ value: 1 })
    writeFileSync(home.tokenFile, 'f'.repeat(64))
    await expect(connect()).rejects.toMatchObject({ code: 'unauthorised' })
    await eventually(() => readFileSync(home.logFile, 'utf8').includes('does not know the token'))
  })

  it('a start that fails tells its last words', async () => {
    await expect(connect({}, { SUBLET_ENGINE_TEST_FAIL: '1' })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/stopped at its start with status 1.*planned failure/s),
    })
  })

  it('a database of a newer program, by its sentence', async () => {
    const newer = openDatabase(home.databaseFile)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    await expect(connect()).rejects.toMatchObject({
      message: expect.stringMatching(/newer Sublet \(schema 99/),
    })
  })

  it('a home whose engine is on another computer', async () => {
    writeFileSync(
      home.infoFile,
      JSON.stringify({ pid: 1, host: 'elsewhere', version: '1', address: 'x', startedAt: 1 }),
    )
    await expect(connect()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"elsewhere"'),
    })
  })

  it('a second holder of the lock, until the first lets go', () => {
    const info = { pid: 1, host: 'here', version: '1', address: 'x', startedAt: 1 }
    const first = takeLock(home, info)
    expect(first).not.toBeNull()
    expect(takeLock(home, info)).toBeNull()
    first?.release()
    const second = takeLock(home, info)
    expect(second).not.toBeNull()
    second?.release()
  })
})
