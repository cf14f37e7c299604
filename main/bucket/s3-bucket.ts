import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { BucketConfig } from '../../preload/contract/bucket.ts'
import type { ResultBucket } from './bucket.ts'
import { bucketError, isMissing } from './bucket-error.ts'

/** Long enough for a slow line to begin the last upload of a batch. */
const putForS = 6 * 3_600

/** An S3-compatible bucket. Nothing is asked before the first call. */
export function s3Bucket(config: BucketConfig, secretKey: string): ResultBucket {
  const client = new S3Client({
    ...(config.endpoint === null ? {} : { endpoint: config.endpoint }),
    region: config.region,
    // Bucket names in host names need DNS and certificates that own servers rarely have.
    forcePathStyle: config.endpoint !== null,
    credentials: { accessKeyId: config.accessKeyId, secretAccessKey: secretKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
  })
  const host = config.endpoint === null ? 'Amazon S3' : new URL(config.endpoint).host
  const label = `${config.bucket} at ${host}`
  const at = (key: string) => ({ Bucket: config.bucket, Key: `${config.prefix}${key}` })
  const words = async <T>(what: string, work: Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      return await work
    } catch (thrown) {
      signal?.throwIfAborted()
      throw bucketError(thrown, label, what)
    }
  }
  const how = (signal?: AbortSignal) => (signal === undefined ? {} : { abortSignal: signal })
  return {
    label,
    presignPut: async (key, size, sha256) => {
      const checksum = Buffer.from(sha256, 'hex').toString('base64')
      const headers = {
        'x-amz-checksum-sha256': checksum,
        'x-amz-sdk-checksum-algorithm': 'SHA256',
      }
      const command = new PutObjectCommand({
        ...at(key),
        ContentLength: size,
        ChecksumAlgorithm: 'SHA256',
        ChecksumSHA256: checksum,
      })
      const url = await getSignedUrl(client, command, {
        expiresIn: putForS,
        // In the signature as headers: servers that do not know them as parameters check them too.
        unhoistableHeaders: new Set(Object.keys(headers)),
      })
      return { url, headers }
    },
    head: async (key, signal) => {
      try {
        const command = new HeadObjectCommand({ ...at(key), ChecksumMode: 'ENABLED' })
        const { ContentLength: size, ChecksumSHA256: sum } = await client.send(command, how(signal))
        const sha256 = sum === undefined ? null : Buffer.from(sum, 'base64').toString('hex')
        return { size: size ?? 0, sha256 }
      } catch (thrown) {
        signal?.throwIfAborted()
        if (isMissing(thrown)) return null
        throw bucketError(thrown, label, 'looked at')
      }
    },
    read: async (key, offset, signal) => {
      const command = new GetObjectCommand({
        ...at(key),
        ...(offset === 0 ? {} : { Range: `bytes=${offset}-` }),
      })
      const { Body: body } = await words('read', client.send(command, how(signal)), signal)
      // In Node it is always a stream; an empty object may have none.
      return (body as AsyncIterable<Uint8Array> | undefined) ?? nothing()
    },
    delete: async (key, signal) => {
      await words('cleared', client.send(new DeleteObjectCommand(at(key)), how(signal)), signal)
    },
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Without any chunk.
}
