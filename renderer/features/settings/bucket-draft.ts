import { bucketConfigSchema, type BucketConfig } from '../../../preload/contract/bucket.ts'

/** The form as it is typed. Empty means the usual. */
export interface BucketDraft {
  readonly bucket: string
  readonly endpoint: string
  readonly region: string
  readonly prefix: string
  readonly accessKeyId: string
  readonly deleteWhenHome: boolean
}

export type BucketReading =
  | { readonly ok: true; readonly config: BucketConfig }
  /** A sentence for each field that cannot be taken. */
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> }

/** The form's words for each field. */
export const bucketLabels = {
  bucket: 'Name of the bucket',
  endpoint: 'Server',
  region: 'Region',
  prefix: 'Prefix of every key',
  accessKeyId: 'Access key ID',
} as const

/** The draft of what is set, or of nothing. */
export function bucketDraft(config: BucketConfig | null): BucketDraft {
  if (config === null) {
    const nothing = { bucket: '', endpoint: '', region: '', prefix: '', accessKeyId: '' }
    return { ...nothing, deleteWhenHome: false }
  }
  return { ...config, endpoint: config.endpoint ?? '' }
}

/** Reads the form; an empty server is Amazon S3, an empty region its usual one. */
export function readBucket(draft: BucketDraft): BucketReading {
  const prefix = draft.prefix.trim()
  const parsed = bucketConfigSchema.safeParse({
    bucket: draft.bucket.trim(),
    endpoint: draft.endpoint.trim() === '' ? null : draft.endpoint.trim(),
    region: draft.region.trim() === '' ? 'us-east-1' : draft.region.trim(),
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    accessKeyId: draft.accessKeyId.trim(),
    deleteWhenHome: draft.deleteWhenHome,
  })
  if (parsed.success) return { ok: true, config: parsed.data }
  const problems: Record<string, string> = {}
  for (const { path, message } of parsed.error.issues) {
    const [field] = path
    if (typeof field !== 'string' || !(field in bucketLabels)) continue
    problems[field] ??=
      `${bucketLabels[field as keyof typeof bucketLabels]} ${wordsOf(field, message)}.`
  }
  return { ok: false, problems }
}

/** The contract's own words where it has some. */
function wordsOf(field: string, message: string): string {
  return field === 'accessKeyId' || field === 'region' ? 'is missing or too long' : message
}
