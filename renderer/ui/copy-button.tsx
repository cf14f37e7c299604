import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, IconButton } from './button.tsx'

export interface CopyButtonProps {
  /** What goes to the clipboard; a function where it must first be fetched. */
  readonly text: string | (() => Promise<string>)
  /** `Copy the path` */
  readonly label: string
  readonly words?: string
}

const shownMs = 1_500

/** Copies, and says so for a moment. */
export function CopyButton({ text, label, words }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'done' | 'failed'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), shownMs)
    return () => clearTimeout(timer)
  }, [state])
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text())
      setState('done')
    } catch {
      setState('failed') // The browser refused the clipboard, or the text could not be had.
    }
  }
  const icon = state === 'done' ? <Check /> : <Copy />
  const said = state === 'done' ? 'Copied' : state === 'failed' ? 'Could not copy' : (words ?? '')
  return words === undefined ? (
    <IconButton
      label={state === 'idle' ? label : state === 'done' ? 'Copied' : 'Could not copy'}
      icon={icon}
      onClick={() => void copy()}
    />
  ) : (
    <Button
      look="quiet"
      icon={icon}
      onClick={() => void copy()}
      aria-label={state === 'idle' ? label : said}
    >
      {said}
    </Button>
  )
}
