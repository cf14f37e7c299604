import { fileURLToPath } from 'node:url'
import { test as base } from './fixtures.ts'
import { userWithEngine } from './user-with-engine.ts'

export interface WireWatch {
  /** Every frame of the page's sockets so far, in order. */
  readonly frames: { readonly sent: boolean; readonly text: string }[]
}

const entry = fileURLToPath(new URL('../test-cloud-program.ts', import.meta.url))

/** The app's `test` with an engine that knows Test Cloud, and all that the page says to it. */
export const test = base.extend<{ readonly wire: WireWatch }>({
  user: async ({}, use) => {
    const user = await userWithEngine(entry)
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
