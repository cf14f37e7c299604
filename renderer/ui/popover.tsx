import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import popup from './popup.module.css'

export interface PopoverProps {
  readonly trigger: ReactElement
  readonly title: string
  readonly children: ReactNode
  readonly align?: 'start' | 'center' | 'end'
}

/** Details that open under a button and may hold controls. */
export function Popover({ trigger, title, children, align = 'end' }: PopoverProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={popup['positioner']} sideOffset={4} align={align}>
          <Base.Popup className={`${popup['popup']} ${popup['roomy']}`} aria-label={title}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
