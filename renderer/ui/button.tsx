import type { ComponentProps, ReactNode } from 'react'
import styles from './button.module.css'

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  /** `primary` once a page; `stop` for what ends or loses something. */
  readonly look?: 'normal' | 'primary' | 'quiet' | 'stop' | 'danger'
  readonly icon?: ReactNode
  /** Shows that the click is being carried out; further clicks do nothing. */
  readonly busy?: boolean
}

/** A button with words. While `busy` it keeps its place and its width. */
export function Button({
  look = 'normal',
  icon,
  busy = false,
  children,
  disabled,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`${styles['button']} ${styles[look]}`}
      disabled={disabled}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
    >
      {icon}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'title'> {
  /** What it does, for the tooltip and for assistive technology. */
  readonly label: string
  readonly icon: ReactNode
}

/** A button that is an icon; its label is its name. */
export function IconButton({
  label,
  icon,
  look = 'quiet',
  busy,
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`${styles['button']} ${styles[look]} ${styles['square']}`}
      aria-label={label}
      aria-busy={busy === true || undefined}
      title={label}
      onClick={busy === true ? undefined : onClick}
    >
      {icon}
    </button>
  )
}
