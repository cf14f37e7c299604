import { createHash } from 'node:crypto'
import { mostBytesPerPut } from '../bucket/bucket.ts'
import { SubletError } from '../domain/errors.ts'
import { formatCount } from '../domain/format.ts'
import { hashParts } from '../transfer/hash-parts.ts'
import type { Machine } from '../machine/machine.ts'
import { pathAsText } from '../transfer/path-bytes.ts'
import { hashItems } from '../transfer/receive-items.ts'
import type { RemoteItem } from '../transfer/receive-types.ts'
import type { StoredItem } from '../transfer/stored.ts'
import { objectsOf } from '../transfer/stored-objects.ts'
import type { Uploader } from '../transfer/upload-types.ts'
import type { Sending } from './send-to-bucket.ts'

/** Each costs a signature that the redactor has to know from then on. */
const mostObjects = 1_000

/** Larger files than `wholeBytes` are cut into parts of `partBytes`, a multiple of `partBlockBytes`. */
export interface ObjectSizes {
  readonly wholeBytes: number
  readonly partBytes: number
}
export const usualSizes: ObjectSizes = { wholeBytes: mostBytesPerPut, partBytes: 2 ** 30 }

/** A file on the machine, and how it will be stored. */
export interface Storing {
  readonly item: RemoteItem
  readonly content: NonNullable<StoredItem['content']>
}

/** How files will be stored, by the machine's hashes. Fails where one of them has none, or there are too many. */
export function storingsOf(
  jobId: string,
  travel: readonly RemoteItem[],
  hashes: ReadonlyMap<string, string>,
  { wholeBytes, partBytes }: ObjectSizes,
): Storing[] {
  const storings = travel.map((item) => {
    const sha256 = hashes.get(item.path)
    if (sha256 === undefined) {
      throw new SubletError('unavailable', 'Not all results can be read on the machine.')
    }
    const isLarge = item.entry.size > wholeBytes
    const content = { key: keyOf(jobId, item), sha256, ...(isLarge ? { partBytes } : {}) }
    return { item, content }
  })
  const keys = storings.flatMap(({ item, content }) =>
    objectsOf(content, item.entry.size).map(({ key }) => key),
  )
  if (new Set(keys).size < keys.length) {
    throw new SubletError('unsupported', 'Two results would have the same name in the bucket.')
  }
  if (keys.length <= mostObjects) return storings
  throw new SubletError(
    'unsupported',
    `${formatCount(keys.length, 'file')} are more than go by way of a bucket (${formatCount(mostObjects, 'file')}, and each begun GiB of a large file counts as one); let the job pack them.`,
  )
}

/** What has to be sent: parts with hashes of their own, which the machine makes now. */
export async function sendingsOf(
  machine: Uploader,
  storings: readonly Storing[],
  signal: AbortSignal,
): Promise<Sending[]> {
  const sendings: Sending[] = []
  for (const { item, content } of storings) {
    const objects = objectsOf(content, item.entry.size)
    const hashes =
      content.partBytes === undefined
        ? [content.sha256]
        : await hashParts(machine, item, content.partBytes, signal)
    objects.forEach((object, index) => {
      sendings.push({ item, object, sha256: hashes[index] ?? '' })
    })
  }
  return sendings
}

/** Parts make the file that was hashed only if it did not change between its hash and theirs. */
export async function mustBeWhole(
  machine: Machine,
  storings: readonly Storing[],
  signal: AbortSignal,
): Promise<void> {
  const inParts = storings.filter(({ content }) => content.partBytes !== undefined)
  if (inParts.length === 0) return
  const items = inParts.map(({ item }) => item)
  const hashes = await hashItems(machine, items, signal)
  if (inParts.every(({ item, content }) => hashes.get(item.path) === content.sha256)) return
  throw new SubletError('unavailable', 'A large file changed while it was sent to the bucket.')
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
