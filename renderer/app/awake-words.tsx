import { useStore } from 'zustand'
import type { MachineAtWork } from '../../preload/contract/overview.ts'
import { useApp } from './app-context.ts'
import styles from './strip-verdict.module.css'

/** What this computer must do while a machine hangs on it alone; nothing while none does. */
export function AwakeWords({ machines }: { readonly machines: readonly MachineAtWork[] }) {
  const { host, settings } = useApp()
  const keepsAwake = useStore(settings.state, ({ snapshot }) => snapshot?.values.keepAwake ?? true)
  if (machines.every(({ stopsByItself }) => stopsByItself !== false)) return null
  const words =
    host.kind === 'desktop' && keepsAwake
      ? 'Sublet keeps this computer awake until it is gone. Do not close the lid or switch it off.'
      : 'Keep this computer on and awake until it is gone.'
  return <p className={styles['because']}>{words}</p>
}
