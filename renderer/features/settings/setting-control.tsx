import { useState } from 'react'
import { settingDeclarations } from '../../../preload/contract/setting-declarations.ts'
import { type SettingKind } from '../../../preload/contract/settings/declaration.ts'
import type { SettingKey } from '../../../preload/contract/setting.ts'
import { PickPathButton } from '../../app/pick-path-button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { readSetting, settingText } from './setting-text.ts'
import styles from './settings.module.css'

export interface SettingControlProps {
  readonly settingKey: SettingKey
  readonly value: unknown
  readonly refusal: string | null
  readonly onChange: (value: unknown) => void
}

/** The control that a setting's kind asks for. */
export function SettingControl(props: SettingControlProps) {
  const { settingKey, value, onChange } = props
  const { label } = settingDeclarations[settingKey]
  const shown: SettingKind = settingDeclarations[settingKey].shown
  switch (shown.kind) {
    case 'choice':
      return (
        <Segmented label={label} value={String(value)} options={shown.options} onValue={onChange} />
      )
    case 'several': {
      const chosen: readonly unknown[] = Array.isArray(value) ? value : []
      return (
        <div className={styles['several']} role="group" aria-label={label}>
          {shown.options.map((option) => (
            <Checkbox
              key={option.value}
              label={option.label}
              checked={chosen.includes(option.value)}
              onChecked={(on) =>
                onChange(
                  shown.options.flatMap((one) =>
                    (one.value === option.value ? on : chosen.includes(one.value)) ? one.value : [],
                  ),
                )
              }
            />
          ))}
        </div>
      )
    }
    case 'switch':
      return (
        <div role="group" aria-label={label}>
          <Checkbox label="On" checked={value === true} onChecked={onChange} />
        </div>
      )
    case 'integer':
    case 'duration':
    case 'usd':
    case 'zone':
      return <TextSetting {...props} shown={shown} />
    case 'folder':
      return (
        <>
          <TextSetting {...props} shown={shown} />
          <PickPathButton kind="folder" title="Choose the output folder" onPick={onChange} />
        </>
      )
  }
}

/** Saved when the field is left or Enter is pressed; Escape brings the saved value back. */
function TextSetting({
  settingKey,
  value,
  refusal,
  shown,
  onChange,
}: SettingControlProps & { readonly shown: SettingKind }) {
  const saved = settingText(shown, value)
  const [draft, setDraft] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const { label } = settingDeclarations[settingKey]
  const save = (): void => {
    if (draft === null) return
    const reading = readSetting(settingKey, draft)
    if (!reading.ok) {
      setProblem(reading.sentence)
      return
    }
    setDraft(null)
    onChange(reading.value)
  }
  return (
    <div>
      <TextField
        label={label}
        hideLabel
        mono={shown.kind === 'folder'}
        value={draft ?? saved}
        placeholder={'none' in shown ? (shown.none ?? '') : ''}
        hint={hintOf(shown)}
        error={problem ?? refusal}
        list={shown.kind === 'zone' ? 'time-zones' : undefined}
        inputMode={shown.kind === 'integer' ? 'numeric' : undefined}
        onValue={(next) => {
          setDraft(next)
          setProblem(null)
        }}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save()
          if (event.key === 'Escape' && draft !== null) {
            event.stopPropagation()
            setDraft(null)
            setProblem(null)
          }
        }}
      />
      {shown.kind === 'zone' ? <ZoneList /> : null}
    </div>
  )
}

function hintOf(shown: SettingKind): string | undefined {
  switch (shown.kind) {
    case 'duration':
      return 'For example 90s, 30m, 2h or 1h30m.'
    case 'usd':
      return shown.perHour ? 'In USD per hour.' : 'In USD.'
    case 'folder':
      return 'A full path on the computer that runs Sublet.'
    case 'zone':
      return 'Such as Europe/Berlin or UTC.'
    case 'integer':
    case 'choice':
    case 'several':
    case 'switch':
      return undefined
  }
}

function ZoneList() {
  return (
    <datalist id="time-zones">
      {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
        <option key={zone} value={zone}>
          {zone}
        </option>
      ))}
    </datalist>
  )
}
