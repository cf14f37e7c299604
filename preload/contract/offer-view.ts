import { z } from 'zod'
import { microsSchema } from './money.ts'
import { offerSchema } from './offer.ts'

/** Parts of the world, as people choose a region; `unknown` where the provider's name says nothing. */
export const regionGroups = [
  'europe',
  'north-america',
  'south-america',
  'asia-pacific',
  'middle-east-africa',
  'unknown',
] as const
export const regionGroupSchema = z.enum(regionGroups)
export type RegionGroup = z.infer<typeof regionGroupSchema>

/** What of the offers is wanted; absent fields do not restrict. All fields must hold together. */
export const offerViewFilterSchema = z.object({
  /** Free text, as `main/domain/offers/offer-text.ts` documents it. */
  text: z.string().max(500).optional(),
  /** Memory of one GPU. */
  minVramGiB: z.number().positive().optional(),
  /** Exactly so many GPUs in the machine; one of these. 0: machines without. */
  gpuCounts: z.array(z.int().nonnegative()).min(1).optional(),
  regionGroups: z.array(regionGroupSchema).min(1).optional(),
  spot: z.boolean().optional(),
  /** True leaves out what the provider says is sold out or beyond the quota. */
  available: z.literal(true).optional(),
  /** True leaves out providers whose machines run on when this computer dies. */
  stopsByItself: z.literal(true).optional(),
  maxMicrosPerGpuHour: microsSchema.optional(),
  providerIds: z.array(z.string()).min(1).optional(),
  arch: z.enum(['x86_64', 'arm64']).optional(),
  favourites: z.literal(true).optional(),
})
export type OfferViewFilter = z.infer<typeof offerViewFilterSchema>

export const offerColumns = [
  'gpu',
  'count',
  'vram',
  'perHour',
  'perGpuHour',
  'provider',
  'region',
  'spot',
  'availability',
  'reliability',
  'increment',
  'egress',
  'age',
  'perTflopHour',
  'perBandwidthHour',
  'vcpus',
  'memory',
  'disk',
  'boot',
  'arch',
  'finish',
] as const
export const offerColumnSchema = z.enum(offerColumns)
export type OfferColumn = z.infer<typeof offerColumnSchema>

export const offerSortSchema = z.object({ column: offerColumnSchema, descending: z.boolean() })
export type OfferSort = z.infer<typeof offerSortSchema>

/** One row of the table: the offer and what is derived from it. Null where it is not known. */
export const offerRowSchema = z.object({
  offer: offerSchema,
  providerName: z.string(),
  accountName: z.string(),
  regionGroup: regionGroupSchema,
  /** Null where the machine has no GPU. */
  microsPerGpuHour: microsSchema.nullable(),
  /** Micro-dollars for one TFLOPS (dense FP16 or BF16) for an hour. */
  microsPerTflopHour: z.number().nullable(),
  /** Micro-dollars for one GB/s of GPU memory bandwidth for an hour. */
  microsPerBandwidthHour: z.number().nullable(),
  /** True, or the sentence that says why its machines do not stop by themselves. */
  stopsByItself: z.union([z.literal(true), z.string()]),
  favourite: z.boolean(),
  /** With `forJob`: what finishing that job is expected to cost here; null where it does not fit. */
  finishMicros: microsSchema.nullable(),
  /** With `forJob`: the first thing that the job needs and this lacks ("other architecture"). */
  misfit: z.string().nullable(),
})
export type OfferRow = z.infer<typeof offerRowSchema>

/** One account as a source of offers. */
export const bookSourceSchema = z.object({
  accountId: z.string(),
  accountName: z.string(),
  providerId: z.string(),
  providerName: z.string(),
  simulated: z.boolean(),
  /**
   * `loading`: never read yet. `ok`: read, and younger than the limit. `stale`: older than the
   * limit, or reading it again failed. `failed`: it has nothing to show.
   */
  state: z.enum(['loading', 'ok', 'stale', 'failed']),
  /** It is being read at the moment. */
  reading: z.boolean(),
  count: z.int(),
  /** Price rows that the quality gate refused. */
  dropped: z.int(),
  /** When its offers were read, epoch ms. */
  readAt: z.int().nullable(),
  /** Fine, or what went wrong and what to do. */
  sentence: z.string(),
})
export type BookSourceState = z.infer<typeof bookSourceSchema>

/** What the engine holds at the moment. */
export const offerBookStateSchema = z.object({
  /** Rises whenever an offer came, went or changed; ages alone do not count. */
  revision: z.int(),
  total: z.int(),
  sources: z.array(bookSourceSchema),
})
export type OfferBookState = z.infer<typeof offerBookStateSchema>

/** One part of the filter, and how many offers would fit without it. */
export const offerRelaxationSchema = z.object({
  part: z.string(),
  label: z.string(),
  matching: z.int(),
})

/** A view is frozen: its rows keep their places whatever the sources do. */
export const offerViewSchema = z.object({
  viewId: z.string(),
  revision: z.int(),
  total: z.int(),
  matching: z.int(),
  rows: z.array(offerRowSchema),
  /** How the free text was understood: "GPU 4090 or H100", "at least 40 GB". */
  understood: z.array(z.string()),
  /** Only when nothing fits: what to leave out, best first. */
  relax: z.array(offerRelaxationSchema),
  /** Providers that there are, for the filter. */
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type OfferView = z.infer<typeof offerViewSchema>
