import { join } from 'node:path'
import { homeAt } from '../../../main/engine/home.ts'
import { startEngine } from '../../../main/engine/start-engine.ts'
import { testUser, type TestUser } from '../cli.ts'
import { eventually } from '../eventually.ts'

/** A user whose home is served by another program than the usual engine: `entry`, already running. `environment` is the engine's, on top. */
export async function userWithEngine(
  entry: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<TestUser> {
  const user = await testUser()
  startEngine(homeAt(user.home), {
    entry,
    environment: {
      HOME: join(user.base, 'user'),
      TMPDIR: user.base,
      DBUS_SESSION_BUS_ADDRESS: '',
      SUBLET_ENGINE_IDLE_MS: '60000',
      ...environment,
    },
  })
  await eventually(() => user.enginePid() !== null, { timeoutMs: 40_000, what: 'the engine' })
  return user
}
