import { createHash, randomUUID } from 'node:crypto'
import { SubletError } from '../domain/errors.ts'
import type { ResultBucket } from './bucket.ts'
import { uploadError } from './bucket-error.ts'
import { mustCompare } from './compares.ts'
import { upload } from './upload.ts'

/**
 * Writes, reads and deletes a small object. Fails with the bucket's error, or with `unsupported`
 * where it does not say what it received, or does not compare it: results could then not be
 * verified before a machine goes.
 */
export async function checkBucket(bucket: ResultBucket, signal?: AbortSignal): Promise<void> {
  const key = `sublet-check-${randomUUID()}`
  const bytes = Buffer.from(`Sublet looks whether this bucket works: ${key}\n`)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const { status, code } = await upload(bucket, key, bytes, sha256, signal)
  if (status < 200 || status > 299) throw uploadError(bucket.label, status, code)
  try {
    const chunks: Uint8Array[] = []
    for await (const chunk of await bucket.read(key, 0, signal)) chunks.push(chunk)
    const stored = await bucket.head(key, signal)
    if (!Buffer.concat(chunks).equals(bytes) || stored?.size !== bytes.length) {
      throw new SubletError(
        'unavailable',
        `The bucket ${bucket.label} did not give back what was written; use another one.`,
      )
    }
    if (stored.sha256 !== sha256) {
      throw new SubletError(
        'unsupported',
        `The bucket ${bucket.label} does not tell the SHA-256 of what it holds, so results cannot be verified there; use another one.`,
      )
    }
    await mustCompare(bucket, signal)
  } finally {
    await bucket.delete(key)
  }
}
