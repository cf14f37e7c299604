import { createHash } from 'node:crypto'
import type { OutputsReport } from '../../preload/contract/job.ts'
import { mostBytesPerPut, type ResultBucket } from '../bucket/bucket.ts'
import { uploadError } from '../bucket/bucket-error.ts'
import { SubletError } from '../domain/errors.ts'
import { formatBytes, formatCount } from '../domain/format.ts'
import type { Machine } from '../machine/machine.ts'
import { forEachLimited } from '../transfer/files.ts'
import { listOutputs } from '../transfer/list-outputs.ts'
import { pathAsText } from '../transfer/path-bytes.ts'
import { planHome } from '../transfer/plan-home.ts'
import { receiveItems } from '../transfer/receive.ts'
import type { RemoteItem } from '../transfer/receive-types.ts'
import { saveStored, type StoredItem } from '../transfer/stored.ts'
import { uploadFrom } from '../transfer/upload.ts'
import { collectPlaces } from './collect-places.ts'
import type { StepContext } from './steps/context.ts'

/** Each costs a signature that the redactor has to know from then on. */
const mostFiles = 1_000
const filesAtOnce = 50
const bytesAtOnce = 2 ** 30
const headsAtOnce = 8

/** What waits in the bucket after `storeResults`. */
export interface Stored {
  readonly report: OutputsReport
  readonly bytesSent: number
}

interface Upload {
  readonly item: RemoteItem
  readonly key: string
  readonly sha256: string
}

/**
 * Has the machine upload what is not home yet, and compares what the bucket says it received with
 * the machine's hashes. Null when all is home already. Any failure means: collect straight from
 * the machine. Repeating it uploads only what is missing there.
 */
export async function storeResults(
  context: StepContext,
  machine: Machine,
  bucket: ResultBucket,
): Promise<Stored | null> {
  const { signal } = context
  const { outputDir } = context.job().spec
  const { from, state } = await collectPlaces(context, machine)
  const { items, listing, merged, unlisted } = await listOutputs(machine, from, signal)
  if (unlisted.length > 0) throw new SubletError('unavailable', 'Not all results can be listed.')
  const plan = await planHome(machine, items, outputDir, state, signal)
  if (plan.travel.length === 0) return null
  const large = plan.travel.filter(({ entry }) => entry.size > mostBytesPerPut)
  const uploads = uploadsOf(context.jobId, plan.travel, plan.hashes)
  if (large.length > 0) {
    context.progress(0, `${formatCount(large.length, 'file')} over 5 GB come straight home`)
    const report = await receiveItems(machine, large, outputDir, listing, {
      state,
      verify: true,
      among: plan.among,
      signal,
    })
    if (!report.verified) throw new SubletError('unavailable', 'Not all results are verified.')
  }
  await sendAll(context, machine, bucket, uploads)
  await saveStored(context.paths.stored(context.jobId, context.attempt().id), {
    version: 1,
    items: [
      ...plan.others.map((item) => storedItem(item, null)),
      ...uploads.map(({ item, key, sha256 }) => storedItem(item, { key, sha256 })),
    ],
    among: [...plan.among],
  })
  const bytesSent = sizeOf(uploads)
  return {
    bytesSent,
    report: {
      files: plan.homeFiles + plan.travel.length,
      bytes: plan.homeBytes + bytesSent + large.reduce((sum, { entry }) => sum + entry.size, 0),
      verified: true,
      warnings: [...merged, ...plan.warnings].map(({ sentence }) => sentence),
    },
  }
}

function uploadsOf(
  jobId: string,
  travel: readonly RemoteItem[],
  hashes: ReadonlyMap<string, string>,
): Upload[] {
  const uploads = travel
    .filter(({ entry }) => entry.size <= mostBytesPerPut)
    .map((item) => {
      const sha256 = hashes.get(item.path)
      if (sha256 === undefined) {
        throw new SubletError('unavailable', 'Not all results can be read on the machine.')
      }
      return { item, sha256, key: keyOf(jobId, item) }
    })
  if (uploads.length <= mostFiles) return uploads
  throw new SubletError(
    'unsupported',
    `${formatCount(uploads.length, 'file')} are more than go by way of a bucket (${formatCount(mostFiles, 'file')}); let the job pack them.`,
  )
}

/** By name, so that people find it; names that S3 cannot hold go by their hash. */
function keyOf(jobId: string, { path }: RemoteItem): string {
  const text = pathAsText(path)
  // eslint-disable-next-line no-control-regex
  if (text !== null && path.length < 700 && !/[\u0000-\u001f\u007f]/.test(text)) {
    return `${jobId}/${text}`
  }
  return `${jobId}/.sublet-odd-names/${createHash('sha256').update(path).digest('hex')}`
}

async function sendAll(
  context: StepContext,
  machine: Machine,
  bucket: ResultBucket,
  uploads: readonly Upload[],
): Promise<void> {
  const total = sizeOf(uploads)
  let sent = 0
  const tell = (): void =>
    context.progress(
      total === 0 ? 1 : sent / total,
      `Sending the results to the bucket ${bucket.label}, ${formatBytes(sent)} of ${formatBytes(total)}`,
    )
  for (const batch of batchesOf(uploads)) {
    tell()
    const missing: Upload[] = []
    await forEachLimited(batch, headsAtOnce, async (one) => {
      if (!(await isThere(bucket, one, context.signal))) missing.push(one)
    })
    await send(context, machine, bucket, missing)
    await forEachLimited(missing, headsAtOnce, async (one) => {
      if (await isThere(bucket, one, context.signal)) return
      throw new SubletError(
        'unavailable',
        `The bucket ${bucket.label} does not confirm the SHA-256 of what it received.`,
      )
    })
    sent += sizeOf(batch)
  }
  tell()
}

async function isThere(
  bucket: ResultBucket,
  { key, item, sha256 }: Upload,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await bucket.head(key, signal)
  return found !== null && found.size === item.entry.size && found.sha256 === sha256
}

async function send(
  context: StepContext,
  machine: Machine,
  bucket: ResultBucket,
  batch: readonly Upload[],
): Promise<void> {
  if (batch.length === 0) return
  const signed = await Promise.all(
    batch.map(async ({ item, key, sha256 }) => {
      const { url, headers } = await bucket.presignPut(key, item.entry.size, sha256)
      // Without its signature the address is worth nothing.
      const signature = new URL(url).searchParams.get('X-Amz-Signature')
      context.redactor.add(signature ?? url)
      return { item, part: null, url, headers }
    }),
  )
  const answers = await uploadFrom(machine, signed, context.signal)
  for (const { status, code } of answers) {
    if (status < 200 || status > 299) throw uploadError(bucket.label, status, code)
  }
}

function batchesOf(uploads: readonly Upload[]): Upload[][] {
  const batches: Upload[][] = []
  let bytes = 0
  for (const one of uploads) {
    const { size } = one.item.entry
    const last = batches.at(-1)
    if (last === undefined || last.length === filesAtOnce || bytes + size > bytesAtOnce) {
      batches.push([one])
      bytes = size
    } else {
      last.push(one)
      bytes += size
    }
  }
  return batches
}

function sizeOf(uploads: readonly Upload[]): number {
  return uploads.reduce((sum, { item }) => sum + item.entry.size, 0)
}

function storedItem(item: RemoteItem, content: StoredItem['content']): StoredItem {
  const { kind, mode, size, mtimeS, ctimeS, target } = item.entry
  return {
    path: item.path,
    kind: kind === 'dir' || kind === 'symlink' ? kind : 'file',
    mode,
    size,
    mtimeS,
    ctimeS,
    target: target ?? null,
    source: item.source ?? null,
    content,
  }
}
