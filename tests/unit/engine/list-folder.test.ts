import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileFacts, listFolder } from '../../../main/engine/services/list-folder.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sublet-list-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test('folders come first, names in natural order, and dead links are no file', async () => {
  for (const name of ['run-10', 'run-9']) await mkdir(path.join(dir, name))
  for (const name of ['.env', 'B.py', 'a.py']) await writeFile(path.join(dir, name), 'xy')
  await symlink(path.join(dir, 'gone'), path.join(dir, 'zlink'))
  const listing = await listFolder(dir)
  expect(
    listing.entries.map(({ name, kind, bytes, hidden }) => [name, kind, bytes, hidden]),
  ).toEqual([
    ['run-9', 'folder', null, false],
    ['run-10', 'folder', null, false],
    ['.env', 'file', 2, true],
    ['a.py', 'file', 2, false],
    ['B.py', 'file', 2, false],
    ['zlink', 'other', null, false],
  ])
  expect(listing).toMatchObject({ dir, parent: path.dirname(dir), more: 0 })
  expect((await listFolder(null)).dir).toBe(homedir())
  expect((await listFolder('/')).parent).toBeNull()
})

test('a folder that cannot be opened is named with the reason', async () => {
  await writeFile(path.join(dir, 'file'), '')
  await expect(listFolder(path.join(dir, 'no'))).rejects.toThrow(/no does not exist: go to/)
  await expect(listFolder(path.join(dir, 'file'))).rejects.toThrow(/is a file, not a folder/)
})

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['train.py', { 'train.py': '' }, 'script'],
  ['fit.ipynb', { 'fit.ipynb': '{}' }, 'script'],
  ['tool', { tool: '#!/bin/sh\n' }, 'script'],
  ['notes.txt', { 'notes.txt': 'x' }, 'data'],
  ['sublet.yaml', { 'sublet.yaml': 'command: x' }, 'job-file'],
  ['job', { 'job/sublet.yml': 'command: x' }, 'job-file'],
  ['code', { 'code/main.py': '' }, 'code'],
  ['many', { 'many/a.py': 'if __name__ == "__main__": 1', 'many/b.py': '' }, 'code'],
  ['images', { 'images/1.png': 'x' }, 'data'],
])('%s is taken for what it is', async (name, tree, role) => {
  for (const [file, content] of Object.entries(tree)) {
    await mkdir(path.dirname(path.join(dir, file)), { recursive: true })
    await writeFile(path.join(dir, file), content)
    if (content.startsWith('#!')) await chmod(path.join(dir, file), 0o755)
  }
  expect((await fileFacts(path.join(dir, name))).role).toBe(role)
})
