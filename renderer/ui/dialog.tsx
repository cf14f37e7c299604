import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import styles from './dialog.module.css'

export interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly description?: ReactNode
  readonly width?: 'narrow' | 'normal' | 'wide'
  readonly children?: ReactNode
  /** Buttons at the bottom right; the first in the reading order is the safe one. */
  readonly actions?: ReactNode
}

/** A modal dialog: focus stays inside, Escape closes, focus goes back to where it was. */
export function Dialog(props: DialogProps) {
  const { open, onClose, title, description, width = 'normal', children, actions } = props
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={styles['backdrop']} />
        <Base.Popup className={`${styles['popup']} ${styles[width]}`}>
          <header className={styles['head']}>
            <Base.Title className={styles['title']}>{title}</Base.Title>
            <IconButton label="Close" icon={<X />} onClick={onClose} />
          </header>
          <div className={styles['body']}>
            {description === undefined ? null : (
              <Base.Description render={<div />} className={styles['description']}>
                {description}
              </Base.Description>
            )}
            {children}
          </div>
          {actions === undefined ? null : <footer className={styles['actions']}>{actions}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
