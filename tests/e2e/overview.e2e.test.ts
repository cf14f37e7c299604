import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { micros } from '../../main/domain/money.ts'
import type { Overview } from '../../preload/contract/overview.ts'
import { testUser, type TestUser } from '../support/cli.ts'
import { withEngine } from '../support/engine-client.ts'
import { writeGatedScript } from '../support/gated-script.ts'

let user: TestUser
let gate: string

beforeEach(async () => {
  user = await testUser()
  gate = await writeGatedScript(user.work)
})
afterEach(async () => await user.stop())

/** The first overview that is as wanted. */
async function overview(wanted: (overview: Overview) => boolean): Promise<Overview> {
  return await withEngine(user.home, async (api) => {
    const stream = await api.system.watch({}, { signal: AbortSignal.timeout(40_000) })
    if (wanted(stream.snapshot)) return stream.snapshot
    for await (const one of stream.events) if (wanted(one)) return one
    throw new Error('The engine stopped telling.')
  })
}

it('shows a machine from its launch to its receipt, practice money apart, and the end once', async () => {
  const job = await user.submit(['--script', 'job/job.sh', '--provider', 'sandbox'])
  const busy = await overview(({ machines }) => machines[0]?.stopsByItself === true)
  expect(busy.activeJobs).toBe(1)
  expect(busy.machines).toMatchObject([{ jobId: job, jobName: 'job', simulated: true }])
  expect(busy.machines[0]?.machine).toMatch(/ · Sandbox/)
  expect(busy.machines[0]?.endsAt).toBeGreaterThan(busy.at)
  expect(busy.practice.burnMicrosPerHour).toBe(busy.machines[0]?.microsPerHour)
  expect(busy.spend).toEqual({ burnMicrosPerHour: 0, todayMicros: 0, monthMicros: 0 })
  expect(busy.notices).toEqual([])

  await writeFile(gate, '')
  const calm = await overview(
    ({ machines, notices }) => machines.length === 0 && notices.length > 0,
  )
  expect(calm.activeJobs).toBe(0)
  expect(calm.practice.burnMicrosPerHour).toBe(0)
  expect(calm.practice.todayMicros).toBeGreaterThan(0)
  expect(calm.notices).toMatchObject([{ kind: 'job-done', jobId: job, title: 'job is done' }])
})

it('says again when a budget has been set, with nothing running', async () => {
  const told = overview(({ monthBudgetMicros }) => monthBudgetMicros === 5_000_000)
  await withEngine(user.home, (api) =>
    api.budgets.set({
      scope: { kind: 'all' },
      period: 'month',
      action: 'warn',
      micros: micros(5_000_000),
    }),
  )
  expect((await told).machines).toEqual([])
})
