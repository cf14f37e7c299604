import { z } from 'zod'
import type { SettingDeclarations } from './declaration.ts'

/** How many machines there are, and what keeps them in hand. */
export const machineSettings = {
  maxConcurrentJobs: {
    label: 'Jobs at the same time',
    help: 'Further jobs wait in the queue and cost nothing.',
    group: 'Machines',
    shown: { kind: 'integer', unit: 'jobs' },
    words: 'parallel concurrent queue limit',
    schema: z
      .int('has to be a whole number')
      .min(1, 'has to be at least 1')
      .max(1_000, 'has to be at most 1,000')
      .default(200),
  },
  keepAwake: {
    label: 'Keep this computer awake',
    help: 'While a machine would not stop by itself, because then only this computer can stop it.',
    group: 'Machines',
    shown: { kind: 'switch' },
    words: 'sleep suspend power laptop lease',
    schema: z.boolean().default(true),
  },
} as const satisfies SettingDeclarations
