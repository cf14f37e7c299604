import { z } from 'zod'
import { jobIdSchema } from '../job-state.ts'
import { call } from '../procedure.ts'
import { jobRef } from './common.ts'

/** What is measured once a machine. Units stand in the names. */
export const hostSeries = [
  'cpuPercent',
  'memoryUsedMib',
  'memoryTotalMib',
  'diskUsedMib',
  'diskTotalMib',
  'networkReceivedBytesPerS',
  'networkSentBytesPerS',
  'diskReadBytesPerS',
  'diskWrittenBytesPerS',
] as const
export type HostSeries = (typeof hostSeries)[number]

/** What is measured once a GPU. */
export const gpuSeries = [
  'utilisationPercent',
  'memoryUsedMib',
  'memoryTotalMib',
  'powerWatt',
  'temperatureC',
] as const
export type GpuSeries = (typeof gpuSeries)[number]

const column = z.array(z.number().nullable())

/** One quantity over the buckets of a history; null where nothing was measured. */
export const historySeriesSchema = z.object({
  name: z.enum([...hostSeries, ...gpuSeries]),
  /** The GPU's index; null for figures of the machine. */
  gpu: z.int().nullable(),
  mean: column,
  min: column,
  max: column,
})
export type HistorySeries = z.infer<typeof historySeriesSchema>

export const metricsHistorySchema = z.object({
  /** How much time one bucket covers. */
  bucketMs: z.int(),
  /** The buckets that hold samples, by their middle; a row of nulls stands where samples are missing. */
  at: z.array(z.int()),
  gpus: z.array(z.int()),
  series: z.array(historySeriesSchema),
})
export type MetricsHistory = z.infer<typeof metricsHistorySchema>

/** The procedures about metrics. New samples come by `jobs.metrics`. */
export const metricsService = {
  /** The first and the last sample, and which GPUs were measured; null before the first. */
  range: call(
    jobRef,
    z.object({ fromAt: z.int(), toAt: z.int(), gpus: z.array(z.int()) }).nullable(),
  ),
  /** The samples between two times in at most about `points` buckets, each with mean, min and max. */
  history: call(
    z.object({
      jobId: jobIdSchema,
      fromAt: z.int(),
      toAt: z.int(),
      points: z.int().min(10).max(2_000),
    }),
    metricsHistorySchema,
  ),
} as const
