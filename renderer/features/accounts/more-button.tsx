import { Ellipsis } from 'lucide-react'
import { IconButton, type IconButtonProps } from '../../ui/button.tsx'

/** The three dots that open a row's menu. */
export function MoreButton(props: Omit<IconButtonProps, 'icon'>) {
  return <IconButton {...props} icon={<Ellipsis />} />
}
