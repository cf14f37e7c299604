import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keepAside, takeAside } from '../../../main/transfer/kept-aside.ts'
import { pathFromText } from '../../../main/transfer/path-bytes.ts'
import type { Fetched, RemoteItem } from '../../../main/transfer/receive-types.ts'

let partials: string
beforeEach(async () => {
  partials = await mkdtemp(join(tmpdir(), 'sublet-aside-'))
})
afterEach(async () => await rm(partials, { recursive: true, force: true }))

const tempFor = ({ path }: RemoteItem): string => join(partials, path)

function item(name: string, content: string, ctimeS = 7): RemoteItem {
  const path = pathFromText(name)
  const entry = {
    path,
    kind: 'file',
    mode: 0o644,
    size: content.length,
    mtimeS: 5,
    ctimeS,
  } as const
  return { root: 'out', entry, path }
}

async function brought(name: string, content: string): Promise<Fetched> {
  const one = item(name, content)
  await writeFile(tempFor(one), content)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { item: one, temp: tempFor(one), sha256, resumedBytes: 0 }
}

it('hands what came whole to the next pass, once', async () => {
  const one = await brought('a', 'content')
  await keepAside(partials, [one])
  const items = [item('a', 'content'), item('b', 'never came')]
  expect(await takeAside(partials, items, tempFor)).toEqual([
    { ...one, item: items[0], resumedBytes: 7 },
  ])
  expect(await takeAside(partials, items, tempFor)).toEqual([])
  expect(await readdir(partials)).toEqual(['a'])
})

it('hands over nothing that changed on the machine, was touched here, or has got its name', async () => {
  const kept = [await brought('a', 'one'), await brought('b', 'two'), await brought('c', 'six')]
  await keepAside(partials, kept)
  await writeFile(join(partials, 'b'), 'TWO')
  await rm(join(partials, 'c'))
  const items = [item('a', 'one', 8), item('b', 'two'), item('c', 'six')]
  expect(await takeAside(partials, items, tempFor)).toEqual([])
})

it('takes a list that was cut while it was written for none', async () => {
  await keepAside(partials, [await brought('a', 'one')])
  await writeFile(join(partials, 'whole.json'), '{"a":{"si')
  expect(await takeAside(partials, [item('a', 'one')], tempFor)).toEqual([])
})
