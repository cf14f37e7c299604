import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ResultBucket } from '../../../main/bucket/bucket.ts'
import { s3Bucket } from '../../../main/bucket/s3-bucket.ts'
import {
  mustBeWhole,
  sendingsOf,
  storingsOf,
  type Storing,
} from '../../../main/jobs/bucket-objects.ts'
import { sendToBucket, type Sending } from '../../../main/jobs/send-to-bucket.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import { MirrorState } from '../../../main/transfer/mirror-state.ts'
import { pathFromText } from '../../../main/transfer/path-bytes.ts'
import { receiveStored } from '../../../main/transfer/receive-stored.ts'
import type { RemoteItem } from '../../../main/transfer/receive-types.ts'
import { sandboxMachine } from '../../support/sandbox-machine.ts'
import { testSandbox } from '../../support/sandbox.ts'
import { s3Proxy, type S3Proxy } from '../../support/s3-proxy.ts'
import { s3Server } from '../../support/s3-server.ts'

const mebibyte = 2 ** 20
/** Real ones are 5 GiB and 1 GiB. */
const sizes = { wholeBytes: 2 * mebibyte, partBytes: mebibyte }
const signal = new AbortController().signal
const weights = Buffer.alloc(3 * mebibyte + 17)
for (let at = 0; at + 4 <= weights.length; at += 4) weights.writeUInt32LE(at, at)
const sandbox = testSandbox()
const server = await s3Server('results')
if (typeof server === 'string') process.stdout.write(`SKIPPED: ${server}\n`)

describe.skipIf(typeof server === 'string')('a file that is too large for one upload', () => {
  const base = mkdtempSync(join(tmpdir(), 'sublet-parts-'))
  let machine: Machine
  let proxy: S3Proxy
  let bucket: ResultBucket
  let storings: Storing[]

  beforeAll(async () => {
    if (typeof server === 'string') return
    proxy = await s3Proxy(server.port)
    const place = { endpoint: proxy.url, region: 'us-east-1', bucket: 'results', prefix: '' }
    bucket = s3Bucket({ ...place, accessKeyId: 'ada', deleteWhenHome: false }, 'secret')
    machine = await sandboxMachine(sandbox)
    mkdirSync(join(machine.home, 'out'))
    writeFileSync(join(machine.home, 'out', 'weights.bin'), weights)
    writeFileSync(join(machine.home, 'out', 'loss.csv'), 'epoch,loss\n')
    storings = storingsOf(
      'job',
      [itemOf('weights.bin', weights.length), itemOf('loss.csv', 11)],
      new Map([
        [pathFromText('weights.bin'), sha256(weights)],
        [pathFromText('loss.csv'), sha256(Buffer.from('epoch,loss\n'))],
      ]),
      sizes,
    )
  })
  afterAll(async () => {
    machine.close()
    await proxy.stop()
    if (typeof server !== 'string') await server.stop()
    await sandbox.stop()
    rmSync(base, { recursive: true })
  })

  const send = async (sendings: readonly Sending[]): Promise<string[]> => {
    const begun: string[] = []
    const deps = { machine, bucket, redactor: { add: () => undefined }, signal }
    const onBegin = (key: string): unknown => begun.push(key)
    await sendToBucket({ ...deps, onSent: () => undefined, onBegin }, sendings)
    return begun
  }
  const uploads = (): number => proxy.seen.filter(({ method }) => method === 'PUT').length

  it('goes as parts with a hash each; what is there already is not sent again', async () => {
    const sendings = await sendingsOf(machine, storings, signal)
    expect(sendings.map(({ object }) => object.key)).toEqual([
      'job/weights.bin.part-1-of-4',
      'job/weights.bin.part-2-of-4',
      'job/weights.bin.part-3-of-4',
      'job/weights.bin.part-4-of-4',
      'job/loss.csv',
    ])
    await send(sendings.slice(0, 2))
    expect(uploads()).toBe(2)
    expect(await send(sendings)).toEqual(sendings.slice(2).map(({ object }) => object.key))
    expect(uploads()).toBe(5)
  })

  it('comes home as one file, bit for bit, from where it was cut', async () => {
    const items = storings.map(({ item, content }) => {
      const { kind: _kind, ...entry } = item.entry
      return { ...entry, kind: 'file' as const, target: null, source: null, content }
    })
    const manifest = { version: 1 as const, items, among: items.map(({ path }) => path) }
    const receive = async (read: typeof bucket.read): Promise<unknown> =>
      await receiveStored(manifest, join(base, 'out'), {
        state: await MirrorState.open(join(base, 'state.json')),
        signal,
        read,
      })
    const cut: typeof bucket.read = async (key, offset) => {
      if (key.endsWith('part-3-of-4')) throw new Error('The line is cut.')
      return await bucket.read(key, offset)
    }
    await expect(receive(cut)).rejects.toThrow(/cut/)
    const before = proxy.seen.length
    await receive(async (key, offset) => await bucket.read(key, offset))
    const read = proxy.seen.slice(before).filter(({ method }) => method === 'GET')
    expect(read.map(({ url }) => url.split('?')[0])).toEqual([
      '/results/job/weights.bin.part-3-of-4',
      '/results/job/weights.bin.part-4-of-4',
      '/results/job/loss.csv',
    ])
    expect(sha256(readFileSync(join(base, 'out', 'weights.bin')))).toBe(sha256(weights))
  })

  it('is not taken for whole when it changed meanwhile, nor when names would meet', async () => {
    await mustBeWhole(machine, storings, signal)
    appendFileSync(join(machine.home, 'out', 'weights.bin'), 'more')
    await expect(mustBeWhole(machine, storings, signal)).rejects.toThrow(/changed while/)
    const twin = itemOf('weights.bin.part-1-of-4', 1)
    const [large] = storings
    if (large === undefined) throw new Error('There is no large file.')
    const hashes = new Map([large.item, twin].map(({ path }) => [path, sha256(weights)]))
    expect(() => storingsOf('job', [large.item, twin], hashes, sizes)).toThrow(/same name/)
  })
})

function itemOf(name: string, size: number): RemoteItem {
  const path = pathFromText(name)
  const entry = { path, kind: 'file' as const, mode: 0o600, size, mtimeS: 0, ctimeS: 0 }
  return { root: 'out', path, entry }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
