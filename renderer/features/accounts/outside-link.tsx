import { ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'
import { useApp } from '../../app/app-context.ts'

/** A page of a provider's: in the system's browser, or in a tab of its own. */
export function OutsideLink({
  href,
  children,
}: {
  readonly href: string
  readonly children: ReactNode
}) {
  const { native } = useApp().host
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer noopener"
      onClick={(event) => {
        if (native === null) return
        event.preventDefault()
        void native.openExternal(href)
      }}
    >
      {children} <ExternalLink size={11} aria-hidden />
    </a>
  )
}
