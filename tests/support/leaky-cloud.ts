import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SubletError } from '../../main/domain/errors.ts'
import type { Provider } from '../../main/providers/provider.ts'
import { rightKey, testCloud } from './test-cloud.ts'

/** Keys that it accepts begin like this. */
export const goodKey = 'tc_good_'
/** A file of this name in the provider's folder makes the next `list` crash the engine. */
export const crashFile = 'crash'

/**
 * Test Cloud as the worst of its kind: it repeats the user's key in what it says, in errors, in its
 * log lines, and in the crash of its own code.
 */
export function leakyCloud(): Provider {
  const cloud = testCloud()
  return {
    ...cloud,
    connect: (account, context) => {
      const key = account.credentials['apiKey'] ?? ''
      const credentials = { ...account.credentials, apiKey: rightKey }
      const session = cloud.connect({ ...account, credentials }, context)
      return {
        ...session,
        check: async (signal) => {
          context.log(`Authorization: Bearer ${key}`, { headers: { authorization: key } })
          if (!key.startsWith(goodKey)) {
            throw new SubletError('auth', `Test Cloud does not know the key ${key}.`, {
              nativeCode: `INVALID_KEY ${key}`,
              details: { request: `Bearer ${Buffer.from(key).toString('base64')}` },
              cause: new Error(`401 for ${key}`),
            })
          }
          const status = await session.check(signal)
          return { ...status, identity: `ada with ${key}`, message: `${status.message} (${key})` }
        },
        list: (signal) => {
          const trigger = join(context.stateDir, crashFile)
          if (existsSync(trigger)) {
            rmSync(trigger)
            setImmediate(() => {
              throw new Error(`Test Cloud's code broke over ${key}`)
            })
          }
          return session.list(signal)
        },
      }
    },
  }
}
