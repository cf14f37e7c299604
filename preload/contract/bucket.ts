import { z } from 'zod'

/** Where results may wait that would take too long to come home. The secret key is not part of it. */
export const bucketConfigSchema = z.object({
  /** Null for Amazon S3 itself. */
  endpoint: z
    .url({ protocol: /^https?$/, message: 'has to begin with https:// or http://' })
    .max(500)
    .nullable(),
  region: z.string().min(1).max(60),
  bucket: z.string().regex(/^[A-Za-z0-9._-]{3,63}$/, 'has 3 to 63 letters, digits, . _ and -'),
  /** Before every key; empty or with a slash at its end. */
  prefix: z
    .string()
    .regex(/^([A-Za-z0-9._-]+\/)*$/, 'has names with a slash after each')
    .max(400),
  accessKeyId: z.string().min(1).max(200),
  /** Whether objects are deleted once they are home. */
  deleteWhenHome: z.boolean(),
})
export type BucketConfig = z.infer<typeof bucketConfigSchema>

/** Where a job's results come home from: straight, by way of the bucket, or as is quicker. */
export const resultsWaySchema = z.enum(['home', 'bucket', 'auto'])
export type ResultsWay = z.infer<typeof resultsWaySchema>
