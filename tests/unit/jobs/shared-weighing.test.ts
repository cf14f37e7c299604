import { expect, test } from 'vitest'
import { SharedWeighing } from '../../../main/jobs/shared-weighing.ts'
import type { WeighedInputs } from '../../../main/jobs/weigh-inputs.ts'
import { spec } from '../../support/fake-facts.ts'

const inputs: WeighedInputs = {
  bytes: 7,
  inputs: [],
  warnings: [],
  excluded: [],
  excludedBytes: 0,
}

function rig() {
  const walks: { end: PromiseWithResolvers<WeighedInputs>; signal: AbortSignal }[] = []
  let now = 0
  const shared = new SharedWeighing(
    async (_spec, signal) => {
      const end = Promise.withResolvers<WeighedInputs>()
      signal.addEventListener('abort', () => end.reject(signal.reason))
      walks.push({ end, signal })
      return end.promise
    },
    { now: () => now },
  )
  return { shared, walks, later: (ms: number) => (now += ms) }
}

test('questions at the same time, or soon after, share one walk', async () => {
  const { shared, walks, later } = rig()
  const { signal } = new AbortController()
  const both = [shared.weigh(spec, signal), shared.weigh(spec, signal)]
  expect(walks).toHaveLength(1)
  walks[0]?.end.resolve(inputs)
  expect(await Promise.all(both)).toEqual([inputs, inputs])
  expect(await shared.weigh(spec, signal)).toBe(inputs)
  later(5_000)
  const again = shared.weigh(spec, signal)
  expect(walks).toHaveLength(2)
  walks[1]?.end.resolve(inputs)
  await again
  void shared.weigh({ ...spec, data: [] }, signal).catch(() => undefined)
  expect(walks).toHaveLength(3)
})

test('a walk goes on for whoever still waits, and ends with the last of them', async () => {
  const { shared, walks } = rig()
  const [first, second] = [new AbortController(), new AbortController()]
  const left = shared.weigh(spec, first.signal)
  const stays = shared.weigh(spec, second.signal)
  first.abort(new Error('left'))
  await expect(left).rejects.toThrow('left')
  expect(walks[0]?.signal.aborted).toBe(false)
  second.abort(new Error('left too'))
  await expect(stays).rejects.toThrow('left too')
  expect(walks[0]?.signal.aborted).toBe(true)
  const fresh = shared.weigh(spec, new AbortController().signal)
  expect(walks).toHaveLength(2)
  walks[1]?.end.reject(new Error('unreadable'))
  await expect(fresh).rejects.toThrow('unreadable')
  void shared.weigh(spec, new AbortController().signal).catch(() => undefined)
  expect(walks).toHaveLength(3)
})
