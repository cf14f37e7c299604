import { Collapsible } from '@base-ui/react/collapsible'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './disclosure.module.css'

export interface DisclosureProps {
  readonly title: ReactNode
  /** What is inside, in a few words, while it is folded. */
  readonly summary?: ReactNode
  readonly open?: boolean
  readonly onOpen?: (open: boolean) => void
  readonly children: ReactNode
}

/** Something folded away until it is wanted. */
export function Disclosure({ title, summary, open, onOpen, children }: DisclosureProps) {
  return (
    <Collapsible.Root
      {...(open === undefined ? {} : { open })}
      {...(onOpen === undefined ? {} : { onOpenChange: onOpen })}
    >
      <Collapsible.Trigger className={styles['trigger']}>
        <ChevronRight size={14} className={styles['arrow']} aria-hidden />
        <span>{title}</span>
        {summary === undefined ? null : <span className={styles['summary']}>{summary}</span>}
      </Collapsible.Trigger>
      <Collapsible.Panel className={styles['panel']}>{children}</Collapsible.Panel>
    </Collapsible.Root>
  )
}
