import type { z } from 'zod'

/** The headings of the Settings page, in its order. */
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

/** Settings by key. */
export type SettingDeclarations = Readonly<Record<string, SettingDeclaration>>
