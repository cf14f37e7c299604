import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testUser, type TestUser } from '../support/cli.ts'
import { withEngine } from '../support/engine-client.ts'
import { eventually } from '../support/eventually.ts'
import { writeGatedScript } from '../support/gated-script.ts'
import { jobEvents } from '../support/journal-on-disk.ts'

const hourMs = 3_600_000
let user: TestUser
let gate: string

beforeEach(async () => {
  user = await testUser()
  gate = await writeGatedScript(user.work)
})
afterEach(async () => await user.stop())

async function running(...more: string[]): Promise<string> {
  const job = await user.submit(['--script', 'job/job.sh', '--provider', 'sandbox', ...more])
  await user.until(({ id, state }) => id === job && state === 'running', 'the job to run')
  return job
}

async function finish(job: string) {
  await writeFile(gate, '')
  await user.events(['watch', '--until-idle'])
  return user.show(job)
}

describe('extending a running job', () => {
  it('lets it run past the end that it had, with the new one read back from all levels', async () => {
    const job = await running('--max-duration', '6s')
    const before = await user.show(job)
    const endsAt = (before.summary.startedAt ?? 0) + 6_000

    const extended = await withEngine(user.home, (api) =>
      api.jobs.extend({ jobId: job, byMs: hourMs }),
    )

    expect(extended.endBy).toBe(before.ceiling.endBy + hourMs)
    expect(extended.moreMicros).toBeGreaterThan(0)
    expect(extended.ceiling.micros).toBeGreaterThan(before.ceiling.micros)
    expect(extended.verdict?.stopsByItself).toBe(true)
    for (const level of extended.verdict?.levels ?? []) {
      expect(level.holds, level.because).toBe(true)
      expect(Math.abs((level.endsAt ?? 0) - extended.endBy), level.level).toBeLessThan(5_000)
    }
    await eventually(() => Date.now() > endsAt + 1_500, { timeoutMs: 20_000 })
    const { summary } = await user.show(job)
    expect(summary).toMatchObject({ state: 'running', stop: null, endBy: extended.endBy })
    const { summary: ended, receipts } = await finish(job)
    expect(ended).toMatchObject({ state: 'done', exitCode: 0, settled: true })
    expect(receipts).toHaveLength(1)
  })

  it('survives a kill of the engine before the machine was told', async () => {
    const job = await running('--max-duration', '2h')
    const before = await user.show(job)
    await user.sandbox.fault({ kind: 'latency', ms: 3_000 }, { operation: 'expiry-read' })
    const asked = withEngine(user.home, (api) => api.jobs.extend({ jobId: job, byMs: hourMs }))
    const outcome = asked.then(
      () => 'answered',
      () => 'cut',
    )
    await eventually(() => jobEvents(user.home, job).some((one) => one.event.kind === 'extended'))
    await user.killEngine()
    expect(await outcome).toBe('cut')

    const endBy = before.ceiling.endBy + hourMs
    await user.run(['jobs'])
    await eventually(async () => ((await user.show(job)).verdict?.endsAt ?? 0) > endBy - 5_000, {
      timeoutMs: 30_000,
      everyMs: 300,
      what: 'the new end to be read back',
    })
    expect((await finish(job)).summary).toMatchObject({ state: 'done', exitCode: 0 })
  })

  it('is taken back where the provider ends the machine before', async () => {
    const job = await running('--max-duration', '2h')
    const before = await user.show(job)
    await user.sandbox.fault({ kind: 'expiry-disabled' }, { remaining: null })

    const refused = withEngine(user.home, (api) => api.jobs.extend({ jobId: job, byMs: hourMs }))

    await expect(refused).rejects.toMatchObject({ code: 'unsupported' })
    await expect(refused).rejects.toThrow(/ends this machine at .* still ends as before/)
    await user.sandbox.clearFaults()
    const after = await user.show(job)
    expect(after.ceiling).toEqual(before.ceiling)
    expect(after.spec.limits).toEqual(before.spec.limits)
    expect(after.summary.endBy).toBe(before.summary.endBy)
    await eventually(
      async () => (await user.show(job)).verdict?.levels.every((level) => level.holds) === true,
      { timeoutMs: 20_000, everyMs: 300 },
    )
    expect((await finish(job)).summary.state).toBe('done')
  })

  it('is refused beyond the budget, naming what would do, and for a job that has ended', async () => {
    const job = await running('--max-duration', '30m', '--budget', '0.20')
    await withEngine(user.home, async (api) => {
      const far = { jobId: job, byMs: 10 * hourMs }
      await expect(api.jobs.extension(far)).rejects.toMatchObject({ code: 'budget' })
      const least = await api.jobs.extension(far).catch((thrown: unknown) => leastOf(thrown))
      const raised = await api.jobs.extension({ ...far, budgetMicros: least as never })
      expect(raised.ceiling.micros).toBe(least)
    })
    await finish(job)
    await withEngine(user.home, async (api) => {
      await expect(api.jobs.extend({ jobId: job, byMs: hourMs })).rejects.toThrow(/has ended/)
    })
  })
})

function leastOf(thrown: unknown): number {
  const { extras } = thrown as { extras: { details?: Record<string, unknown> } }
  return Number(extras.details?.['leastMicros'])
}
