import { expect, test } from 'vitest'
import { goesByBucket } from '../../../main/jobs/results-way.ts'

const minutes = (count: number) => ({ ms: count * 60_000 })

test('auto takes the bucket from 30 minutes on, or when the lease ends before', () => {
  expect(goesByBucket('auto', minutes(30), null)).toBe(false)
  expect(goesByBucket('auto', minutes(31), null)).toBe(true)
  expect(goesByBucket('auto', minutes(10), 11 * 60_000)).toBe(false)
  expect(goesByBucket('auto', minutes(10), 9 * 60_000)).toBe(true)
  expect(goesByBucket('auto', null, 1)).toBe(false)
})

test('what the job says is done, and home is what it says by default', () => {
  expect(goesByBucket('bucket', null, null)).toBe(true)
  expect(goesByBucket('home', minutes(600), 0)).toBe(false)
  expect(goesByBucket(undefined, minutes(600), 0)).toBe(false)
})
