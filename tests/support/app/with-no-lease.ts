import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { homeAt } from '../../../main/engine/home.ts'
import { startEngine } from '../../../main/engine/start-engine.ts'
import { testUser } from '../cli.ts'
import { eventually } from '../eventually.ts'
import { test as base } from './fixtures.ts'

const entry = fileURLToPath(new URL('./engine-without-lease.ts', import.meta.url))

/** The app's `test` on a cloud whose machines do not stop by themselves. */
export const test = base.extend({
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
})
