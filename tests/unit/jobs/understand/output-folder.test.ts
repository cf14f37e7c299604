import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { defaultOutputFolder } from '../../../../main/jobs/understand/output-folder.ts'

let base: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'sublet-output-'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const nobody = (): boolean => false
const folder = (name: string): string => join(base, 'sublet-output', name)

it('is named after the job', async () => {
  expect(await defaultOutputFolder(base, 'My run: 7/8', nobody)).toBe(folder('My-run-7-8'))
})

it('takes the next number rather than overwrite earlier results', async () => {
  mkdirSync(folder('train'), { recursive: true })
  expect(await defaultOutputFolder(base, 'train', nobody)).toBe(folder('train'))
  writeFileSync(join(folder('train'), 'model.bin'), 'precious')
  expect(await defaultOutputFolder(base, 'train', nobody)).toBe(folder('train-2'))
})

it('leaves the folder alone that a running job writes to', async () => {
  const taken = (path: string): boolean => path === folder('train')
  expect(await defaultOutputFolder(base, 'train', taken)).toBe(folder('train-2'))
})
