import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DropFolders } from '../../../main/jobs/drops/drop-folder.ts'

let root: string
let now = Date.UTC(2026, 0, 1)
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sublet-drops-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

test('what is dropped in pieces stands there whole, top level named', async () => {
  const drops = new DropFolders(root, () => now)
  const id = await drops.begin()
  await drops.write(id, 'code/train.py', 0, Buffer.from('print('))
  await drops.write(id, 'code/train.py', 6, Buffer.from('1)'))
  expect(await drops.write(id, 'empty.txt', 0, Buffer.alloc(0))).toBe(8)
  await drops.write(id, 'code/tool', 0, Buffer.from('#!/bin/sh\n'))
  const modeOf = async (name: string) => (await stat(path.join(root, id, name))).mode & 0o777
  expect([await modeOf('code/tool'), await modeOf('empty.txt')]).toEqual([0o700, 0o600])
  expect(await drops.finish(id, true)).toEqual([
    path.join(root, id, 'code'),
    path.join(root, id, 'empty.txt'),
  ])
  expect(await readFile(path.join(root, id, 'code', 'train.py'), 'utf8')).toBe('print(1)')
  await expect(drops.write(id, 'late', 0, Buffer.from('x'))).rejects.toThrow(/drop the files again/)
})

test.each(['../up', '/etc/passwd', 'a//b', 'a/../../b', '.', '', 'a\\b', 'a\0b'])(
  'the name %j leads nowhere',
  async (name) => {
    const drops = new DropFolders(root, () => now)
    const id = await drops.begin()
    await expect(drops.write(id, name, 0, Buffer.from('x'))).rejects.toThrow(/is no name/)
  },
)

test('one name cannot be written twice, and a drop can be given up', async () => {
  const drops = new DropFolders(root, () => now)
  const id = await drops.begin()
  await drops.write(id, 'a', 0, Buffer.from('x'))
  await expect(drops.write(id, 'a', 0, Buffer.from('y'))).rejects.toThrow(/dropped twice/)
  await expect(drops.write(id, 'a/b', 0, Buffer.from('y'))).rejects.toThrow(/dropped twice/)
  expect(await drops.finish(id, false)).toEqual([])
  expect(existsSync(path.join(root, id))).toBe(false)
})

test('drops of last week go, unless a job needs them or they are under way', async () => {
  const drops = new DropFolders(root, () => now)
  const [old, needed, open] = [await drops.begin(), await drops.begin(), await drops.begin()]
  await drops.finish(old, true)
  await drops.finish(needed, true)
  now += 8 * 86_400_000
  const fresh = await drops.begin()
  await drops.finish(fresh, true)
  await drops.sweep([path.join(root, needed, 'train.py')])
  const left = [old, needed, open, fresh].map((id) => existsSync(path.join(root, id)))
  expect(left).toEqual([false, true, true, true])
  await new DropFolders(path.join(root, 'none'), () => now).sweep([])
})

test.skipIf(process.platform === 'win32')(
  'a piece that fits only in part is refused, never cut off',
  () => {
    const program = `
      const { DropFolders } = await import(process.env.MODULE)
      const drops = new DropFolders(process.env.ROOT, () => 0)
      const id = await drops.begin()
      await drops.write(id, 'data', 0, Buffer.alloc(300_000)).then(
        () => console.log('written'),
        () => console.log('refused'),
      )`
    // A limit for files of this process alone behaves like the end of a disk.
    const limited = `trap '' XFSZ; ulimit -f 64; exec "$0" --input-type=module -e "$PROGRAM"`
    const module = new URL('../../../main/jobs/drops/drop-folder.ts', import.meta.url).href
    const env = { ...process.env, PROGRAM: program, MODULE: module, ROOT: root }
    expect(execFileSync('sh', ['-c', limited, process.execPath], { env }).toString()).toBe(
      'refused\n',
    )
  },
)
