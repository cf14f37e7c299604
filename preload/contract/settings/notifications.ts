import { z } from 'zod'
import type { SettingDeclarations } from './declaration.ts'

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

/** What the system is asked to show. */
export const notificationSettings = {
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
} as const satisfies SettingDeclarations
