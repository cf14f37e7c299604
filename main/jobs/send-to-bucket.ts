import type { ResultBucket } from '../bucket/bucket.ts'
import { uploadError } from '../bucket/bucket-error.ts'
import { SubletError } from '../domain/errors.ts'
import type { Redactor } from '../logging/redactor.ts'
import { forEachLimited } from '../transfer/files.ts'
import type { RemoteItem } from '../transfer/receive-types.ts'
import type { StoredObject } from '../transfer/stored-objects.ts'
import { uploadFrom } from '../transfer/upload.ts'
import type { Uploader } from '../transfer/upload-types.ts'

const objectsAtOnce = 50
const bytesAtOnce = 2 ** 30
const headsAtOnce = 8

/** An object to be, and what of the machine it holds. */
export interface Sending {
  readonly item: RemoteItem
  readonly object: StoredObject
  readonly sha256: string
}

export interface SendDeps {
  readonly machine: Uploader
  readonly bucket: ResultBucket
  readonly redactor: Pick<Redactor, 'add'>
  readonly signal: AbortSignal
  /** How many bytes the bucket has confirmed. */
  readonly onSent: (bytes: number) => void
  /** Before anything is written under a key. */
  readonly onBegin: (key: string) => void
}

/**
 * Has the machine upload what the bucket does not hold yet, and compares what the bucket says it
 * received with the machine's hashes. Errors: the bucket's; `unsupported` where the machine has
 * nothing to upload with; `unavailable` where the bucket does not confirm.
 */
export async function sendToBucket(deps: SendDeps, sendings: readonly Sending[]): Promise<void> {
  let sent = 0
  for (const batch of batchesOf(sendings)) {
    deps.onSent(sent)
    const there = new Set<Sending>()
    await forEachLimited(batch, headsAtOnce, async (one) => {
      if (await isThere(deps, one)) there.add(one)
    })
    const missing = batch.filter((one) => !there.has(one))
    for (const { object } of missing) deps.onBegin(object.key)
    await send(deps, missing)
    await forEachLimited(missing, headsAtOnce, async (one) => {
      if (await isThere(deps, one)) return
      throw new SubletError(
        'unavailable',
        `The bucket ${deps.bucket.label} does not confirm the SHA-256 of what it received.`,
      )
    })
    sent += sizeOf(batch)
  }
  deps.onSent(sent)
}

async function isThere(
  { bucket, signal }: SendDeps,
  { object, sha256 }: Sending,
): Promise<boolean> {
  const found = await bucket.head(object.key, signal)
  return found !== null && found.size === object.bytes && found.sha256 === sha256
}

async function send(deps: SendDeps, batch: readonly Sending[]): Promise<void> {
  const { machine, bucket, redactor, signal } = deps
  if (batch.length === 0) return
  const signed = await Promise.all(
    batch.map(async ({ item, object: { key, offset, bytes }, sha256 }) => {
      const { url, headers } = await bucket.presignPut(key, bytes, sha256)
      // Without its signature the address is worth nothing.
      const signature = new URL(url).searchParams.get('X-Amz-Signature')
      redactor.add(signature ?? url)
      return { item, part: bytes === item.entry.size ? null : { offset, bytes }, url, headers }
    }),
  )
  const answers = await uploadFrom(machine, signed, signal)
  for (const { status, code } of answers) {
    if (status < 200 || status > 299) throw uploadError(bucket.label, status, code)
  }
}

function batchesOf(sendings: readonly Sending[]): Sending[][] {
  const batches: Sending[][] = []
  let bytes = 0
  for (const one of sendings) {
    const size = one.object.bytes
    const last = batches.at(-1)
    if (last === undefined || last.length === objectsAtOnce || bytes + size > bytesAtOnce) {
      batches.push([one])
      bytes = size
    } else {
      last.push(one)
      bytes += size
    }
  }
  return batches
}

function sizeOf(sendings: readonly Sending[]): number {
  return sendings.reduce((sum, { object }) => sum + object.bytes, 0)
}
