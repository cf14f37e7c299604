import { expect } from 'vitest'
import type { TestUser } from './cli.ts'
import { eventually } from './eventually.ts'

/** Fails unless soon nothing is rented, by the provider's word and by ours, and no process is left. */
export async function nothingRented(user: TestUser): Promise<void> {
  await eventually(
    async () => {
      expect(await user.json(['instances'])).toEqual([])
      expect(await user.json(['sandbox', 'status'])).toMatchObject({ machines: 0 })
      return true
    },
    { timeoutMs: 30_000, everyMs: 200, what: 'every machine to be gone' },
  )
  await user.quiet()
}
