import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { silentLogger } from '../../../main/domain/logger.ts'
import type { ServiceParts } from '../../../main/engine/services/context.ts'
import { fileHandlers } from '../../../main/engine/services/files.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'

const folder = mkdtempSync(join(tmpdir(), 'sublet-drop-sweep-'))
afterEach(() => rmSync(folder, { recursive: true }))

const dayMs = 86_400_000
const context = {
  signal: new AbortController().signal,
  client: { role: 'test', version: '1.0.0' },
}

test('a drop stays for a week after the last job that used it', async () => {
  let now = Date.UTC(2026, 0, 1)
  const jobs: unknown[] = []
  const parts = {
    paths: new HomePaths(folder),
    clock: { now: () => now },
    journal: { jobs: () => jobs, openJobs: () => [] },
    log: silentLogger,
  } as unknown as ServiceParts
  const files = fileHandlers(parts)
  const { dropId } = await files.dropBegin({}, context)
  await files.dropWrite({ dropId, path: 'data.bin', offset: 0, bytes: '' }, context)
  const { paths } = await files.dropFinish({ dropId, keep: true }, context)
  const [data = ''] = paths
  now += 8 * dayMs
  const endedAt = now - 1
  jobs.push({ endedAt, spec: { code: null, data: [{ path: data }], outputDir: '/elsewhere' } })
  await files.dropBegin({}, context)
  expect(existsSync(data)).toBe(true)
  now += 7 * dayMs
  await files.dropBegin({}, context)
  expect(existsSync(data)).toBe(false)
})
