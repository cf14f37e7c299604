import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { homeAt } from '../../../main/engine/home.ts'
import { startEngine } from '../../../main/engine/start-engine.ts'
import { testUser } from '../cli.ts'
import { eventually } from '../eventually.ts'
import { test as base } from './fixtures.ts'

export interface WireWatch {
  /** Every frame of the page's sockets so far, in order. */
  readonly frames: { readonly sent: boolean; readonly text: string }[]
}

const entry = fileURLToPath(new URL('../test-cloud-program.ts', import.meta.url))

/** The app's `test` with an engine that knows Test Cloud, and all that the page says to it. */
export const test = base.extend<{ readonly wire: WireWatch }>({
  user: async ({}, use) => {
    const user = await testUser()
    startEngine(homeAt(user.home), {
      entry,
      environment: {
        HOME: join(user.base, 'user'),
        TMPDIR: user.base,
        DBUS_SESSION_BUS_ADDRESS: '',
        SUBLET_ENGINE_IDLE_MS: '60000',
      },
    })
    await eventually(() => user.enginePid() !== null)
    await use(user)
    await user.stop()
  },
  wire: [
    async ({ page }, use) => {
      const frames: { sent: boolean; text: string }[] = []
      page.on('websocket', (socket) => {
        socket.on('framesent', ({ payload }) => frames.push({ sent: true, text: String(payload) }))
        socket.on('framereceived', ({ payload }) =>
          frames.push({ sent: false, text: String(payload) }),
        )
      })
      await use({ frames })
    },
    { auto: true },
  ],
})

export { expect } from '@playwright/test'
