import { z } from 'zod'
import type { SettingDeclarations } from './declaration.ts'
import { day, money } from './limits.ts'

/** Copies of results home while a job runs. */
export const copySettings = {
  mirror: {
    label: 'Copy results home while a job runs',
    help: 'So that a machine that vanishes costs at most the last interval. Log and figures come home either way.',
    group: 'Copies while a job runs',
    shown: { kind: 'switch' },
    words: 'mirror checkpoint continuous outputs backup',
    schema: z.boolean().default(true),
  },
  mirrorEveryMs: {
    label: 'Interval',
    help: 'From the beginning of one copy to that of the next. On a spot notice Sublet copies without pause.',
    group: 'Copies while a job runs',
    shown: { kind: 'duration', none: null },
    words: 'mirror every seconds minutes interval checkpoint',
    schema: z
      .int()
      .min(1_000, 'has to be at least 1 second')
      .max(day, 'has to be at most 1 day')
      .default(30_000),
  },
  mirrorMaxGb: {
    label: 'Most at a time, in GB',
    help: 'Where more has changed, the newest checkpoint comes first, and superseded ones are left for the end.',
    group: 'Copies while a job runs',
    shown: { kind: 'integer', unit: 'GB' },
    words: 'mirror size limit gigabytes bytes',
    schema: z
      .int('has to be a whole number')
      .min(1, 'has to be at least 1')
      .max(100_000, 'has to be at most 100,000')
      .default(10),
  },
  mirrorMaxMicros: {
    label: 'Most for traffic',
    help: 'Of one job’s copies, where the provider charges for traffic. Then the rest comes home at the end.',
    group: 'Copies while a job runs',
    shown: { kind: 'usd', none: 'no limit', perHour: false },
    words: 'mirror egress cost traffic limit dollars',
    schema: money('no limit').default(2_000_000),
  },
  meteredLink: {
    label: 'This connection is metered',
    help: 'On a metered connection results come home at the end only. Automatic asks your system, which Linux with NetworkManager can answer.',
    group: 'Copies while a job runs',
    shown: {
      kind: 'choice',
      options: [
        { value: 'auto', label: 'Automatic' },
        { value: 'yes', label: 'Yes' },
        { value: 'no', label: 'No' },
      ],
    },
    words: 'mirror mobile tethering data volume metered network',
    schema: z.enum(['auto', 'yes', 'no']).default('auto'),
  },
} as const satisfies SettingDeclarations
