import { afterEach, beforeEach, expect, it } from 'vitest'
import { testUser, type TestUser } from '../support/cli.ts'
import { writeTrainingJob } from '../support/training-job.ts'

let user: TestUser

beforeEach(async () => {
  user = await testUser()
})
afterEach(async () => await user.stop())

it('takes under 3 s from a reachable machine to the job, and under 1 s from results to release', async () => {
  await writeTrainingJob(user.work, 1024 * 1024)
  const job = ['--script', 'train/train.py', '--data', 'data', '--gpu', 'L4']
  const done = (await user.events(['run', ...job, '--provider', 'sandbox', '--yes'])).at(-1)
  expect(done).toMatchObject({ state: 'done', exitCode: 0 })

  const { overhead } = await user.show(String(done?.['job']))

  process.stdout.write(`${JSON.stringify(overhead)}\n`)
  expect(overhead.reachableToStartedMs).toBeGreaterThan(0)
  expect(overhead.reachableToStartedMs).toBeLessThan(3_000)
  expect(overhead.verifiedToReleaseMs).toBeGreaterThanOrEqual(0)
  expect(overhead.verifiedToReleaseMs).toBeLessThan(1_000)
})
