import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import popup from './popup.module.css'

/** More words about what stands there; never the only place of something that matters. */
export function Tooltip({
  words,
  children,
}: {
  readonly words: ReactNode
  readonly children: ReactElement
}) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner className={popup['positioner']} sideOffset={6}>
          <Base.Popup className={`${popup['popup']} ${popup['roomy']}`}>{words}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
