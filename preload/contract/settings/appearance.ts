import { z } from 'zod'
import type { SettingDeclarations } from './declaration.ts'

/** How the window looks. */
export const appearanceSettings = {
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
} as const satisfies SettingDeclarations
