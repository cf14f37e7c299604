import type { SettingsSnapshot } from '../../../preload/contract/setting.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { Settings } from '../../settings/settings.ts'

/** All settings now, and again after changes, until the client leaves; changes at once come once. */
export function watchSettings(
  settings: Settings,
  signal: AbortSignal,
): StreamAnswer<SettingsSnapshot, SettingsSnapshot> {
  let dirty = false
  let wake: () => void = () => undefined
  // Subscribed before the snapshot is taken, so that nothing falls between.
  const stop = settings.onChange(() => {
    dirty = true
    wake()
  })
  signal.addEventListener('abort', () => {
    stop()
    wake()
  })
  const changes = async function* (): AsyncGenerator<SettingsSnapshot> {
    try {
      while (!signal.aborted) {
        if (dirty) {
          dirty = false
          yield settings.all()
          continue
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    } finally {
      stop()
    }
  }
  return { snapshot: settings.all(), events: changes() }
}
