import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ServiceParts } from '../../../main/engine/services/context.ts'
import { saveLog } from '../../../main/engine/services/save-log.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'

const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const going = new AbortController().signal
let folder: string
let parts: ServiceParts
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-save-log-'))
  const paths = new HomePaths(join(folder, 'home'))
  const journal = { job: () => ({ id: jobId, attempts: [{ id: 'a1' }, { id: 'a2' }] }) }
  parts = { journal, paths } as unknown as ServiceParts
  for (const [attempt, text] of [
    ['a1', 'first, cut'],
    ['a2', '\nsecond\n'],
  ] as const) {
    mkdirSync(dirname(paths.log(jobId, attempt)), { recursive: true })
    writeFileSync(paths.log(jobId, attempt), text)
  }
})
afterEach(() => rmSync(folder, { recursive: true }))

test('all attempts go into the file, and a file that is there only by the user’s word', async () => {
  const path = join(folder, 'run.log')
  expect(await saveLog(parts, { jobId, path, replace: false }, going)).toEqual({ path, bytes: 18 })
  expect(readFileSync(path, 'utf8')).toBe('first, cut\nsecond\n')
  await expect(saveLog(parts, { jobId, path, replace: false }, going)).rejects.toMatchObject({
    code: 'conflict',
  })
  writeFileSync(path, 'mine')
  await saveLog(parts, { jobId, path, replace: true }, going)
  expect(readFileSync(path, 'utf8')).toBe('first, cut\nsecond\n')
  expect(readdirSync(folder).toSorted()).toEqual(['home', 'run.log'])
})

test('a copy that breaks off leaves the file that it should have replaced', async () => {
  const path = join(folder, 'run.log')
  writeFileSync(path, 'mine')
  const cancelled = AbortSignal.abort()
  await expect(saveLog(parts, { jobId, path, replace: true }, cancelled)).rejects.toThrow()
  expect(readFileSync(path, 'utf8')).toBe('mine')
  const fresh = join(folder, 'new.log')
  await expect(saveLog(parts, { jobId, path: fresh, replace: false }, cancelled)).rejects.toThrow()
  expect(readdirSync(folder).toSorted()).toEqual(['home', 'run.log'])
})
