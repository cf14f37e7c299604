import { z } from 'zod'
import type { MachineFacts } from '../machine-facts.ts'

/** What a probe found, as the journal keeps it with the rental. */
export const machineFactsSchema: z.ZodType<MachineFacts> = z.object({
  os: z.string(),
  arch: z.string(),
  gpus: z.array(
    z.object({
      index: z.int(),
      vendor: z.enum(['nvidia', 'amd']),
      name: z.string(),
      vramMib: z.number().nullable(),
      computeCapability: z.string().nullable(),
    }),
  ),
  driverVersion: z.string().nullable(),
  cudaVersion: z.string().nullable(),
  diskFreeBytes: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  vcpus: z.number().nullable(),
  python: z.object({ version: z.string(), venv: z.boolean(), pip: z.boolean() }).nullable(),
  torch: z.object({ version: z.string(), cuda: z.string().nullable() }).nullable(),
  docker: z.object({ usable: z.boolean(), nvidia: z.boolean() }),
  tools: z.object({
    uv: z.boolean(),
    rscript: z.boolean(),
    jupyter: z.boolean(),
    bash: z.boolean(),
    sha256sum: z.boolean(),
    tar: z.boolean(),
    zstd: z.boolean(),
    setsid: z.boolean(),
  }),
})
