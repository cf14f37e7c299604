import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LogMirror, mostLogBytes } from '../../../main/jobs/log-mirror.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-log-'))
  path = join(folder, 'attempt.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the copy ends at its limit with a sentence, and takes nothing more after a restart', async () => {
  const mirror = await LogMirror.open(path, createRedactor().stream(), 1_000)
  await mirror.append(Buffer.alloc(600, 'a'))
  expect(mirror.full).toBe(false)
  await mirror.append(Buffer.alloc(600, 'b'))
  expect(mirror.full).toBe(true)
  await mirror.append(Buffer.alloc(600, 'c'))
  await mirror.finish()
  const text = readFileSync(path, 'latin1')
  expect(text).toBe(
    `${'a'.repeat(600)}${'b'.repeat(400)}\nsublet: The log has reached its limit of 1 kB here and ends; the job goes on.\n`,
  )
  const again = await LogMirror.open(path, createRedactor().stream(), 1_000)
  expect(again.full).toBe(true)
  await again.append(Buffer.alloc(600, 'd'))
  await again.finish()
  expect(statSync(path).size).toBe(text.length)
  // An honest supervisor ends its log first.
  expect(mostLogBytes).toBeGreaterThan(2 * 2 ** 30)
})
