import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLog } from '../../../main/logging/log.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sublet-log-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

it('writes one JSON object a line, without secrets, for its user only', () => {
  const redactor = createRedactor()
  redactor.add('sk-planted-"1234')
  const file = join(dir, 'a.log')
  const log = openLog({ file, redactor })
  log.info(
    { url: 'https://x/?key=sk-planted-"1234', account: { password: 'unregistered' } },
    'asked',
  )
  log.error({ err: new Error('refused sk-planted-"1234') }, 'it said sk-planted-"1234')
  log.debug({}, 'not written')
  log.close()
  const text = readFileSync(file, 'utf8')
  expect(text).not.toMatch(/planted|unregistered/)
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatchObject({ level: 30, msg: 'asked', account: { password: '[secret]' } })
  expect(lines[1]).toMatchObject({ level: 50, msg: 'it said [secret]' })
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('starts anew beyond its size and keeps one old file', () => {
  const file = join(dir, 'a.log')
  const log = openLog({ file, redactor: createRedactor(), maxBytes: 1_000 })
  for (let i = 0; i < 100; i += 1) log.info({ i }, 'a line of the log')
  log.close()
  expect(statSync(file).size).toBeLessThan(1_200)
  expect(statSync(`${file}.1`).size).toBeLessThan(1_200)
  expect(readFileSync(file, 'utf8')).toContain('"i":99')
})
