import { fileURLToPath } from 'node:url'
import { test as base } from './fixtures.ts'
import { userWithEngine } from './user-with-engine.ts'

const entry = fileURLToPath(new URL('./engine-without-lease.ts', import.meta.url))

/** The app's `test` on a cloud whose machines do not stop by themselves. */
export const test = base.extend({
  user: async ({}, use) => {
    const user = await userWithEngine(entry)
    await use(user)
    await user.stop()
  },
})
