import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import popup from './popup.module.css'

export type MenuEntry =
  | {
      readonly kind: 'item'
      readonly label: string
      readonly detail?: string
      readonly icon?: ReactNode
      readonly danger?: boolean
      readonly disabled?: boolean
      readonly onSelect: () => void
    }
  | {
      readonly kind: 'check'
      readonly label: string
      readonly checked: boolean
      readonly onChange: (checked: boolean) => void
    }
  | { readonly kind: 'line' }
  | { readonly kind: 'heading'; readonly label: string }

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement
  readonly entries: readonly MenuEntry[]
  readonly align?: 'start' | 'end'
}

/** A menu of actions under a button; checkable entries keep it open. */
export function Menu({ trigger, entries, align = 'end' }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={popup['positioner']} sideOffset={4} align={align}>
          <Base.Popup className={popup['popup']}>
            {entries.map((entry, index) => (
              // The entries of one menu keep their order.
              <Entry key={index} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  switch (entry.kind) {
    case 'line':
      return <Base.Separator className={popup['line']} />
    case 'heading':
      return <div className={popup['group']}>{entry.label}</div>
    case 'check':
      return (
        <Base.CheckboxItem
          className={popup['item']}
          checked={entry.checked}
          onCheckedChange={entry.onChange}
          closeOnClick={false}
        >
          <span aria-hidden style={{ width: 14 }}>
            {entry.checked ? '✓' : ''}
          </span>
          {entry.label}
        </Base.CheckboxItem>
      )
    case 'item':
      return (
        <Base.Item
          className={`${popup['item']} ${entry.danger === true ? popup['danger'] : ''}`}
          disabled={entry.disabled ?? false}
          onClick={entry.onSelect}
        >
          {entry.icon}
          {entry.label}
          {entry.detail === undefined ? null : (
            <span className={popup['detail']}>{entry.detail}</span>
          )}
        </Base.Item>
      )
  }
}
