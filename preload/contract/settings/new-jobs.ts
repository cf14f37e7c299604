import { z } from 'zod'
import type { SettingDeclarations } from './declaration.ts'
import { day, money } from './limits.ts'

/** What a job gets that does not say it itself. */
export const newJobSettings = {
  defaultBudgetMicros: {
    label: 'Budget',
    help: 'The most that a job may cost when neither it nor its file says.',
    group: 'New jobs',
    shown: { kind: 'usd', none: 'no budget', perHour: false },
    words: 'money limit default cost ceiling dollars',
    schema: money('no budget'),
  },
  defaultMaxDurationMs: {
    label: 'Longest duration',
    help: 'A job that runs longer is stopped and its results collected.',
    group: 'New jobs',
    shown: { kind: 'duration', none: 'no limit' },
    words: 'time limit default maximum hours',
    schema: z
      .int()
      .min(60_000, 'has to be at least 1 minute; leave it empty for no limit')
      .max(365 * day, 'has to be at most 365 days; leave it empty for no limit')
      .nullable()
      .default(null),
  },
  defaultMaxMicrosPerHour: {
    label: 'Price limit',
    help: 'Dearer machines are not offered for a job that names no price of its own.',
    group: 'New jobs',
    shown: { kind: 'usd', none: 'no limit', perHour: true },
    words: 'money hourly rate default maximum dollars',
    schema: money('no limit'),
  },
  defaultOutputFolder: {
    label: 'Output folder',
    help: 'Results come home to a folder of the job’s name in here.',
    group: 'New jobs',
    shown: { kind: 'folder', none: 'sublet-output beside the job' },
    words: 'results directory path default download',
    schema: z
      .string()
      .regex(
        /^(\/|[A-Za-z]:[\\/]|\\\\)/,
        'has to be a whole path, such as /home/ada/runs; leave it empty for sublet-output beside the job',
      )
      .max(4_000, 'is longer than a path can be')
      .nullable()
      .default(null),
  },
  defaultKeepWarmMs: {
    label: 'Keep warm',
    help: 'How long a machine waits for the next job, and is paid for. Empty: 10 minutes after an early failure, else not at all.',
    group: 'New jobs',
    shown: { kind: 'duration', none: 'only after an early failure' },
    words: 'idle machine reuse warm default',
    schema: z.int().min(0).max(day, 'has to be at most 1 day').nullable().default(null),
  },
  defaultAfterExitMs: {
    label: 'Hold results',
    help: 'How long a machine is held after the job’s end while its results cannot be collected. The budget reserves it.',
    group: 'New jobs',
    shown: { kind: 'duration', none: null },
    words: 'after exit hold collect lease default uncollected',
    schema: z
      .int()
      .min(0)
      .max(7 * day, 'has to be at most 7 days')
      .default(2 * 3_600_000),
  },
} as const satisfies SettingDeclarations
