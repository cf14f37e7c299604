import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import type { Follow, FollowReader } from '../../../renderer/follow.ts'
import { createOverviewStore } from '../../../renderer/stores/overview-store.ts'
import { idleOverview as overview } from '../../support/desktop/idle-overview.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('figures that are always in sight go on after the engine broke their stream', () => {
  const readers: FollowReader<unknown, unknown>[] = []
  const follow = ((_open: unknown, reader: FollowReader<unknown, unknown>) => {
    readers.push(reader)
    return () => undefined
  }) as Follow
  const store = createOverviewStore({ follow })
  readers[0]?.snapshot(overview)
  readers[0]?.problem?.(new SubletError('internal', 'The disk was full.'))
  expect(store.getState().problem?.message).toBe('The disk was full.')
  vi.advanceTimersByTime(3_000)
  expect(readers).toHaveLength(2)
  readers[1]?.snapshot({ ...overview, activeJobs: 7 })
  expect(store.getState()).toMatchObject({ overview: { activeJobs: 7 }, problem: null })
})
