import { z } from 'zod'

/** Moments that may raise a notification, in the order of the Settings page. */
export const notificationKinds = [
  'done',
  'failed',
  'overdue',
  'gpu-idle',
  'budget-near',
  'no-lease',
  'leak',
] as const
export type NotificationKind = (typeof notificationKinds)[number]

export const settingGroups = [
  'Appearance',
  'New jobs',
  'Copies while a job runs',
  'Machines',
  'Notifications',
  'Books',
] as const
export type SettingGroup = (typeof settingGroups)[number]

/** How a setting is written and shown; values of `duration` are ms, of `usd` micro-dollars. */
export type SettingKind =
  | {
      readonly kind: 'choice'
      readonly options: readonly { readonly value: string; readonly label: string }[]
    }
  | {
      readonly kind: 'several'
      readonly options: readonly { readonly value: string; readonly label: string }[]
    }
  | { readonly kind: 'switch' }
  | { readonly kind: 'integer'; readonly unit: string }
  | { readonly kind: 'duration'; readonly none: string | null }
  | { readonly kind: 'usd'; readonly none: string; readonly perHour: boolean }
  | { readonly kind: 'folder'; readonly none: string }
  | { readonly kind: 'zone' }

/** One setting: draws the page, is searched, and validates. */
export interface SettingDeclaration {
  readonly label: string
  readonly help: string
  readonly group: SettingGroup
  readonly shown: SettingKind
  /** Further words by which it is found. */
  readonly words: string
  /** The value's form, with its default. Messages end sentences that begin with the label. */
  readonly schema: z.ZodType
}

const day = 86_400_000
const money = (most: string) =>
  z.int().positive(`has to be more than $0; leave it empty for ${most}`).nullable().default(null)

/** Every setting. A setting exists in the whole app by standing here. */
export const settingDeclarations = {
  theme: {
    label: 'Theme',
    help: 'Light, dark, or as your system says.',
    group: 'Appearance',
    shown: {
      kind: 'choice',
      options: [
        { value: 'system', label: 'As the system' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ],
    },
    words: 'color colour dark light mode look',
    schema: z.enum(['system', 'light', 'dark']).default('system'),
  },
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
  notifications: {
    label: 'Tell me when',
    help: 'As notifications of your system. They are shown by the desktop app while it runs.',
    group: 'Notifications',
    shown: {
      kind: 'several',
      options: [
        { value: 'done', label: 'a job is done' },
        { value: 'failed', label: 'a job has failed' },
        { value: 'overdue', label: 'a job runs longer than expected' },
        { value: 'gpu-idle', label: 'GPUs are idle for 20 minutes' },
        { value: 'budget-near', label: 'a budget is nearly spent' },
        { value: 'no-lease', label: 'a machine would not stop by itself' },
        { value: 'leak', label: 'something costs money and nothing needs it' },
      ],
    },
    words: 'alert popup finished error idle budget lease',
    schema: z.array(z.enum(notificationKinds)).default([...notificationKinds]),
  },
  reportingZone: {
    label: 'Time zone of the books',
    help: 'Where days and months of Spend begin. Entries that are already closed keep their days.',
    group: 'Books',
    shown: { kind: 'zone' },
    words: 'timezone reporting month day ledger spend',
    schema: z
      .string()
      .refine(isZone, 'is not a time zone such as Europe/Berlin')
      .default(() => new Intl.DateTimeFormat().resolvedOptions().timeZone),
  },
} as const satisfies Readonly<Record<string, SettingDeclaration>>

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false // Intl's only way to say that it does not know the zone.
  }
}
