import { setTimeout as delay } from 'node:timers/promises'
import { SubletError } from '../domain/errors.ts'
import { connectLocal } from '../rpc/local-socket.ts'
import type { Home } from './home.ts'
import { takeLock } from './lock.ts'
import type { EngineInfo } from './engine-info.ts'
import type { EngineLock } from './lock.ts'

/** Takes the home, waiting for an engine that is leaving; null when one runs that answers. */
export async function waitForLock(
  home: Home,
  info: EngineInfo,
  withinMs: number,
): Promise<EngineLock | null> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const lock = takeLock(home, info)
    if (lock !== null) return lock
    const socket = await connectLocal(info.address)
    socket?.destroy()
    if (socket !== null) return null
    if (performance.now() > deadline) {
      throw new SubletError(
        'conflict',
        'Another engine of this home neither answers nor leaves; end its process and try again.',
      )
    }
    await delay(50)
  }
}
