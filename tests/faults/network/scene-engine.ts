import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { homeAt } from '../../../main/engine/home.ts'
import { startEngine } from '../../../main/engine/start-engine.ts'
import type { SceneOptions } from './scene-options.ts'

const entry = fileURLToPath(new URL('../../support/settable-clock-engine.ts', import.meta.url))

/** Starts the shipping engine of a scene's home, on a computer whose clock can be set. */
export function startSceneEngine(scene: {
  readonly base: string
  readonly home: string
  readonly clock: string
  readonly jumpFile: string
  readonly options: SceneOptions
}): void {
  startEngine(homeAt(scene.home), {
    entry,
    environment: {
      HOME: join(scene.base, 'user'),
      TMPDIR: scene.base,
      TZ: scene.options.zone ?? 'UTC',
      DBUS_SESSION_BUS_ADDRESS: '',
      SUBLET_ENGINE_IDLE_MS: '600000',
      SUBLET_CLOCK: scene.clock,
      CLOCK_JUMP_FILE: scene.jumpFile,
    },
  })
}
