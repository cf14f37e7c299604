import type { ResultBucket } from './bucket.ts'
import { bucketError } from './bucket-error.ts'

const withinMs = 30_000
const longestAnswer = 10_000

/** What a bucket said: the HTTP status and its own code. */
export interface UploadAnswer {
  readonly status: number
  readonly code: string
}

/**
 * Uploads a few bytes from here the way a machine does: by a presigned address, with nothing but
 * what that demands. Any answer is an answer; `unreachable` where there is none.
 */
export async function upload(
  bucket: ResultBucket,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: string,
  signal?: AbortSignal,
): Promise<UploadAnswer> {
  const { url, headers } = await bucket.presignPut(key, bytes.length, sha256)
  const limit = AbortSignal.timeout(withinMs)
  try {
    const answer = await fetch(url, {
      method: 'PUT',
      headers,
      body: bytes,
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    })
    const text = (await answer.text()).slice(0, longestAnswer)
    const [, code] = /<Code>([A-Za-z0-9.]{1,80})<\/Code>/.exec(text) ?? []
    return { status: answer.status, code: code ?? `HTTP ${answer.status}` }
  } catch (thrown) {
    signal?.throwIfAborted()
    throw bucketError(thrown, bucket.label, 'written to')
  }
}
