import { expect, test } from 'vitest'
import { EngineFollow } from '../../../main/desktop/engine-follow.ts'

test('who quits before anything is known waits for the first word, and no longer', async () => {
  const silent = new EngineFollow(
    () => new Promise(() => undefined),
    () => undefined,
  )
  const startedAt = performance.now()
  await silent.untilKnown(120)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(119)
  expect(silent.state.overview).toBeNull()

  const gone = new EngineFollow(
    () => Promise.reject(new Error('No engine starts here.')),
    () => undefined,
  )
  void gone.run()
  await gone.untilKnown(60_000)
  expect(gone.state.link).toBe('lost')
  // Nothing can be asked of it: what was known is said, which is nothing.
  expect(await gone.left()).toEqual([])
  gone.leave()
})
