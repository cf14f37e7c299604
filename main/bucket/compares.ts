import { createHash, randomUUID } from 'node:crypto'
import { SubletError } from '../domain/errors.ts'
import type { ResultBucket } from './bucket.ts'
import { uploadError } from './bucket-error.ts'
import { upload } from './upload.ts'

const refusedForTheKeyOrPlace = new Set([401, 403, 404])

/**
 * Makes sure that the server compares what it receives with the SHA-256 that the upload was signed
 * with: one that only repeats it would confirm results that are not whole. Sends a few bytes that
 * have another hash, the way a machine would. Fails with `unsupported` when they are taken, with
 * the bucket's error when it refuses for another reason.
 */
export async function mustCompare(bucket: ResultBucket, signal?: AbortSignal): Promise<void> {
  const key = `sublet-check-${randomUUID()}-wrong`
  const announced = Buffer.from(`Sublet looks whether this is compared: ${key}\n`)
  const sent = announced.toReversed()
  const sha256 = createHash('sha256').update(announced).digest('hex')
  const { status, code } = await upload(bucket, key, sent, sha256, signal)
  if (status >= 200 && status <= 299) {
    await tryToDelete(bucket, key, signal)
    throw new SubletError(
      'unsupported',
      `The bucket ${bucket.label} takes an upload whose content does not have the SHA-256 it was announced with, so it cannot be trusted with results; use another one.`,
    )
  }
  if (status < 400 || status > 499 || refusedForTheKeyOrPlace.has(status)) {
    throw uploadError(bucket.label, status, code)
  }
}

/** The key may be one that must not delete: what was found out counts more than what is left. */
async function tryToDelete(bucket: ResultBucket, key: string, signal?: AbortSignal): Promise<void> {
  try {
    await bucket.delete(key, signal)
  } catch {
    signal?.throwIfAborted()
  }
}
