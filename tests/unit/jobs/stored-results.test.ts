import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MirrorState } from '../../../main/transfer/mirror-state.ts'
import { pathFromText } from '../../../main/transfer/path-bytes.ts'
import { receiveStored } from '../../../main/transfer/receive-stored.ts'
import { loadStored, saveStored, type StoredManifest } from '../../../main/transfer/stored.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'sublet-stored-'))
})
afterEach(async () => await rm(base, { recursive: true }))

const content = Buffer.from('epoch 1 loss 0.5\n')
const sha256 = createHash('sha256').update(content).digest('hex')
const path = pathFromText('runs/löss.txt')
const manifest: StoredManifest = {
  version: 1,
  items: [
    {
      path,
      kind: 'file',
      mode: 0o640,
      size: content.length,
      mtimeS: 1_700_000_000,
      ctimeS: 1_700_000_000,
      target: null,
      source: { from: 'output', path },
      content: { key: 'job/runs/löss.txt', sha256 },
    },
  ],
  among: [path],
}

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts
}

const receive = async (
  read: (key: string, offset: number) => Promise<AsyncIterable<Uint8Array>>,
): Promise<unknown> =>
  await receiveStored(manifest, join(base, 'out'), {
    state: await MirrorState.open(join(base, 'state.json')),
    signal: new AbortController().signal,
    read,
  })

test('a download that was cut goes on where it stopped, and what is home is not read again', async () => {
  await expect(receive(async () => chunks(content.subarray(0, 5)))).rejects.toMatchObject({
    code: 'unreachable',
  })
  const offsets: number[] = []
  const rest = async (_: string, offset: number): Promise<AsyncIterable<Uint8Array>> => {
    offsets.push(offset)
    return chunks(content.subarray(offset))
  }
  await receive(rest)
  await receive(rest)
  expect(offsets).toEqual([5])
  expect(await readFile(join(base, 'out', 'runs', 'löss.txt'))).toEqual(content)
})

test('bytes that are not what the machine sent never get a name', async () => {
  await expect(
    receive(async () => chunks(Buffer.from('epoch 1 loss 0.0\n'))),
  ).rejects.toMatchObject({ code: 'conflict' })
  const names = await readdir(join(base, 'out'), { recursive: true })
  expect(names.filter((name) => name.includes('txt'))).toEqual([])
})

test('the manifest is read as it was written', async () => {
  await saveStored(join(base, 'stored.json'), manifest)
  expect(await loadStored(join(base, 'stored.json'))).toEqual(manifest)
})
