import { settingDeclarations } from '../../../preload/contract/setting-declarations.ts'
import { type SettingKind } from '../../../preload/contract/settings/declaration.ts'
import type { SettingKey } from '../../../preload/contract/setting.ts'
import { durationText, parseDurationMs } from '../../../main/domain/duration.ts'
import { toSubletError } from '../../../main/domain/errors.ts'
import { formatDuration, formatMicros, formatMicrosPerHour } from '../../../main/domain/format.ts'
import { parseUsd } from '../../../main/domain/usd.ts'

export type Reading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly sentence: string }

/** A value as it stands in its text field; empty where there is none. */
export function settingText({ kind }: SettingKind, value: unknown): string {
  if (value === null) return ''
  if (kind === 'duration' && typeof value === 'number') return durationText(value)
  if (kind === 'usd' && typeof value === 'number') return formatMicros(value).replace(/,/g, '')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Reads what was typed; the sentence says what to write instead. */
export function readSetting(key: SettingKey, text: string): Reading {
  const { label, shown, schema } = settingDeclarations[key]
  const written = text.trim()
  try {
    const parsed = schema.safeParse(valueOf(shown, written, label))
    if (parsed.success) return { ok: true, value: parsed.data }
    return { ok: false, sentence: `${label} ${parsed.error.issues[0]?.message ?? 'does not fit'}.` }
  } catch (thrown) {
    return { ok: false, sentence: toSubletError(thrown).message }
  }
}

/** A value in words, for toasts: `$5.00`, `2 h`, `no limit`, `a job is done, a job has failed`. */
export function settingWords(key: SettingKey, value: unknown): string {
  const shown: SettingKind = settingDeclarations[key].shown
  switch (shown.kind) {
    case 'choice':
      return shown.options.find((option) => option.value === value)?.label ?? String(value)
    case 'several': {
      const chosen = Array.isArray(value) ? value : []
      const labels = shown.options.flatMap((one) => (chosen.includes(one.value) ? one.label : []))
      return labels.length === 0 ? 'never' : labels.join(', ')
    }
    case 'switch':
      return value === true ? 'on' : 'off'
    case 'integer':
      return `${String(value)} ${shown.unit}`
    case 'duration':
      return typeof value === 'number' ? formatDuration(value) : (shown.none ?? '')
    case 'usd':
      if (typeof value !== 'number') return shown.none
      return shown.perHour ? formatMicrosPerHour(value) : formatMicros(value)
    case 'folder':
      return typeof value === 'string' ? value : shown.none
    case 'zone':
      return String(value)
  }
}

function valueOf(shown: SettingKind, written: string, label: string): unknown {
  switch (shown.kind) {
    case 'integer':
      return /^\d+$/.test(written) ? Number(written) : Number.NaN
    case 'duration':
      if (written === '') return null
      return parseDurationMs(written.replace(/\s+/g, '').replace(/min/g, 'm'), label)
    case 'usd':
      return written === '' ? null : parseUsd(written.replace(/\s*\/\s*h$/, ''), label)
    case 'folder':
      return written === '' ? null : written
    case 'zone':
      return written
    case 'choice':
    case 'several':
    case 'switch':
      return written
  }
}
