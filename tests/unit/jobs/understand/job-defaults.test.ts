import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { JobFile } from '../../../../preload/contract/job-file.ts'
import { silentLogger } from '../../../../main/domain/logger.ts'
import { jobDefaults } from '../../../../main/jobs/understand/job-defaults.ts'
import { understand } from '../../../../main/jobs/understand/understand.ts'
import { createSettings } from '../../../../main/settings/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'sublet-defaults-'))
writeFileSync(join(folder, 'train.py'), 'print(1)\n')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rows = new Map<string, string>()
const settings = createSettings(
  {
    read: (key) => rows.get(key) ?? null,
    write: (key, value) => void rows.set(key, value),
    remove: (key) => void rows.delete(key),
  },
  silentLogger,
)
const read = (file: Partial<JobFile> = {}) =>
  understand(
    {
      file: { script: 'train.py', ...file },
      baseDir: folder,
      defaults: jobDefaults(settings.all().values),
    },
    new AbortController().signal,
  )

it('leaves a job as it is while the settings say nothing', async () => {
  const { spec, understood } = await read()
  expect(spec.limits).toEqual({
    maxMicrosPerHour: null,
    budgetMicros: null,
    maxDurationMs: null,
    keepWarmMs: 600_000,
    keepWarmChosen: false,
    afterExitMs: 7_200_000,
    graceMs: 30_000,
  })
  expect(spec.outputDir).toBe(join(folder, 'sublet-output', 'train'))
  expect(understood.join(' ')).not.toContain('settings')
})

it('fills in what the file leaves out, says so, and gives way to the file', async () => {
  settings.set('defaultBudgetMicros', 5_000_000)
  settings.set('defaultMaxDurationMs', 6 * 3_600_000)
  settings.set('defaultMaxMicrosPerHour', 2_500_000)
  settings.set('defaultKeepWarmMs', 900_000)
  settings.set('defaultAfterExitMs', 0)
  settings.set('defaultOutputFolder', join(folder, 'runs'))
  const { spec, understood } = await read()
  expect(spec.limits).toEqual({
    maxMicrosPerHour: 2_500_000,
    budgetMicros: 5_000_000,
    maxDurationMs: 21_600_000,
    keepWarmMs: 900_000,
    keepWarmChosen: true,
    afterExitMs: 0,
    graceMs: 30_000,
  })
  expect(spec.outputDir).toBe(join(folder, 'runs', 'train'))
  expect(understood).toContain(
    'From your settings: budget $5.00, longest duration 6 h, price limit $2.50/h, kept warm for 15 min.',
  )
  const own = await read({ budget: 1, maxDuration: '1h', maxPrice: 1, keepWarm: 0, output: 'here' })
  expect(own.spec.limits).toMatchObject({
    budgetMicros: 1_000_000,
    maxDurationMs: 3_600_000,
    maxMicrosPerHour: 1_000_000,
    keepWarmMs: 0,
  })
  expect(own.spec.outputDir).toBe(join(folder, 'here'))
  expect(own.understood.join(' ')).not.toContain('From your settings')
})
