import { z } from 'zod'

/** One second on the machine. Absent figures are null; nothing is invented. */
export const metricsSampleSchema = z.object({
  at: z.int(),
  cpuPercent: z.number().nullable(),
  memoryUsedMib: z.number().nullable(),
  memoryTotalMib: z.number().nullable(),
  diskUsedMib: z.number().nullable(),
  diskTotalMib: z.number().nullable(),
  networkReceivedBytes: z.number().nullable(),
  networkSentBytes: z.number().nullable(),
  /** Counters of all whole disks; null in samples of older supervisors. */
  diskReadBytes: z.number().nullable().default(null),
  diskWrittenBytes: z.number().nullable().default(null),
  /** The size of the attempt's log at that second: it tells when each line was written. */
  logBytes: z.number().nullable().default(null),
  gpus: z.array(
    z.object({
      index: z.int(),
      utilisationPercent: z.number().nullable(),
      memoryUsedMib: z.number().nullable(),
      memoryTotalMib: z.number().nullable(),
      powerWatt: z.number().nullable(),
      temperatureC: z.number().nullable(),
    }),
  ),
})
export type MetricsSample = z.infer<typeof metricsSampleSchema>
