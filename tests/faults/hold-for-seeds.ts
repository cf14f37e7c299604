import { expect, it } from 'vitest'
import type { FaultClass } from './fault-class.ts'
import { holds, runClass } from './row.ts'

/** The small fixed part of a class as a test; `npm run test:faults` runs all of it. */
export function holdForSeeds(faultClass: FaultClass, timeoutMs = 60_000): void {
  it(
    faultClass.promise,
    async ({ signal }) => {
      const run = { size: 'seed', seed: 1, signal, say: () => undefined } as const
      const row = await runClass(faultClass, run)
      expect(row.problems).toEqual([])
      expect(holds(row)).toBe(true)
    },
    timeoutMs,
  )
}
