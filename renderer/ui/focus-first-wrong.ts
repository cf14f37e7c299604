import type { RefObject } from 'react'
import { flushSync } from 'react-dom'

/** Shows a form's problems, which `show` sets, and puts the focus into the first wrong field. */
export function focusFirstWrong(form: RefObject<HTMLFormElement | null>, show: () => void): void {
  flushSync(show)
  form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
}
