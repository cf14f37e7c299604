/** One upload that a machine may make: nothing but this content, for a limited time. */
export interface PresignedPut {
  /** Whoever has it may upload: a secret, never to be written anywhere. */
  readonly url: string
  /** What the upload must carry, as it is part of the signature. */
  readonly headers: Readonly<Record<string, string>>
}

export interface StoredObject {
  readonly size: number
  /** Hex, as the bucket computed it from what it received; null where it does not. */
  readonly sha256: string | null
}

/**
 * A bucket that results may wait in. Keys are below the configured prefix already. Errors: `auth`,
 * `not-found` (the bucket or object), `permission`, `quota` (it is full), `unreachable`,
 * `unavailable`; one sentence each, which names the bucket.
 */
export interface ResultBucket {
  /** For sentences: `results at s3.example.org`. */
  readonly label: string
  presignPut(key: string, size: number, sha256: string): Promise<PresignedPut>
  /** Null when there is no such object. */
  head(key: string, signal?: AbortSignal): Promise<StoredObject | null>
  /** The object's bytes from `offset` on, which lies inside it. */
  read(key: string, offset: number, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /** Deleting what is not there is no error. */
  delete(key: string, signal?: AbortSignal): Promise<void>
}

/** What S3 takes in one upload. */
export const mostBytesPerPut = 5 * 1024 ** 3
