import { settingDeclarations } from '../../../preload/contract/setting-declarations.ts'
import type { SettingKey } from '../../../preload/contract/setting.ts'
import { MarkedText } from './marked-text.tsx'
import { SettingControl } from './setting-control.tsx'
import { settingWords } from './setting-text.ts'
import styles from './settings.module.css'

export interface SettingRowProps {
  readonly settingKey: SettingKey
  readonly value: unknown
  readonly fallback: unknown
  readonly refusal: string | null
  readonly query: string
  /** Saves at once. */
  readonly onChange: (value: unknown) => void
}

/** One setting, drawn from its declaration. */
export function SettingRow(props: SettingRowProps) {
  const { settingKey, value, fallback, refusal, query, onChange } = props
  const { label, help } = settingDeclarations[settingKey]
  const isDefault = JSON.stringify(value) === JSON.stringify(fallback)
  return (
    <li className={styles['row']} aria-label={label}>
      <div>
        <p className={styles['label']}>
          <MarkedText text={label} query={query} />
        </p>
        <p className={styles['help']}>
          <MarkedText text={help} query={query} />
        </p>
        {isDefault ? null : (
          <button type="button" className={styles['default']} onClick={() => onChange(fallback)}>
            Back to the default: {settingWords(settingKey, fallback)}
          </button>
        )}
      </div>
      <div className={styles['control']}>
        <SettingControl
          settingKey={settingKey}
          value={value}
          refusal={refusal}
          onChange={onChange}
        />
      </div>
    </li>
  )
}
