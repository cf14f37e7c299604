import type { ComponentProps } from 'react'

/** Something that scrolls by itself, also by keyboard; its label is its name. */
export function ScrollBox(props: ComponentProps<'div'> & { readonly 'aria-label': string }) {
  // A part that scrolls has to take the focus, or the keyboard cannot scroll it.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  return <div tabIndex={0} {...props} />
}
