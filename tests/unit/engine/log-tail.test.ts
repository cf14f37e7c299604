import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { logTail } from '../../../main/engine/services/log-tail.ts'
import { systemClock } from '../../../main/engine/system-clock.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'

const folder = mkdtempSync(join(tmpdir(), 'sublet-log-tail-'))
const logFile = join(folder, 'engine.log')
const left = new AbortController()
const redactor = createRedactor()
const parts = { home: { logFile }, redactor, clock: systemClock(undefined) }
const line = (message: string, more = {}): string =>
  `${JSON.stringify({ level: 30, time: 1_000, msg: message, ...more })}\n`

afterAll(() => {
  left.abort()
  rmSync(folder, { recursive: true, force: true })
})

it('shows the last lines, follows what is written, survives rotation, and masks late secrets', async () => {
  writeFileSync(
    logFile,
    line('one') + line('two', { job: 'j' }) + line('key hunter2hunter2') + 'cut',
  )
  redactor.add('hunter2hunter2')
  const { snapshot, events } = await logTail(parts, { lines: 2, follow: true }, left.signal)
  expect(snapshot).toEqual([
    { at: 1_000, level: 'info', message: 'two', details: '{"job":"j"}' },
    { at: 1_000, level: 'info', message: 'key [secret]', details: '' },
  ])
  const reader = events[Symbol.asyncIterator]()
  const next = reader.next()
  appendFileSync(logFile, ` off\n${line('three', { level: 50 })}`)
  expect((await next).value).toEqual([
    { at: null, level: 'info', message: 'cut off', details: '' },
    { at: 1_000, level: 'error', message: 'three', details: '' },
  ])
  writeFileSync(logFile, line('anew'))
  expect(await reader.next()).toMatchObject({ value: [{ message: 'anew' }] })
  left.abort()
  expect((await reader.next()).done).toBe(true)
})

it('ends after the snapshot when it is not to follow', async () => {
  writeFileSync(logFile, line('one'))
  const { snapshot, events } = await logTail(
    parts,
    { lines: 10, follow: false },
    new AbortController().signal,
  )
  expect(snapshot).toHaveLength(1)
  expect((await events[Symbol.asyncIterator]().next()).done).toBe(true)
})
