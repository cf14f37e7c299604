import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testUser, type TestUser } from '../support/cli.ts'
import { jobEvents } from '../support/journal-on-disk.ts'
import { treeHashes, writeTrainingJob } from '../support/training-job.ts'

const dataBytes = 8 * 1024 * 1024
let user: TestUser

beforeEach(async () => {
  user = await testUser()
  await writeTrainingJob(user.work, dataBytes)
})
afterEach(async () => await user.stop())

/** Arguments of a run of the training job whose results come home to a folder of its own. */
function training(output: string, keepWarm: string): string[] {
  const job = ['--script', 'train/train.py', '--data', 'data', '--output', output]
  return ['run', ...job, '--provider', 'sandbox', '--keep-warm', keepWarm, '--yes']
}

/** What staging sent for a job, from the engine's journal. */
function bytesSent(job: string): number {
  const events = jobEvents(user.home, job).map(({ event }) => event)
  return events.reduce((sum, event) => (event.kind === 'staged' ? sum + event.bytesSent : sum), 0)
}

async function runToEnd(output: string, keepWarm: string): Promise<string> {
  const done = (await user.events(training(output, keepWarm))).at(-1)
  expect(done).toMatchObject({ type: 'done', state: 'done', exitCode: 0 })
  return String(done?.['job'])
}

describe('a machine kept warm', () => {
  it('serves the next job within 3 s without a second upload, and goes at stop --all', async () => {
    const first = await runToEnd('out-1', '10m')
    expect(await user.json(['instances'])).toHaveLength(1)
    const second = await runToEnd('out-2', '10m')

    const { summary } = await user.show(second)
    const startedMs = (summary.startedAt ?? Number.POSITIVE_INFINITY) - summary.createdAt
    process.stdout.write(`Started on the warm machine ${startedMs} ms after it was submitted.\n`)
    expect(startedMs).toBeLessThan(3_000)
    expect(bytesSent(first)).toBeGreaterThan(dataBytes)
    expect(bytesSent(second)).toBe(0)
    expect(summary.rentalId).toBe((await user.show(first)).summary.rentalId)
    expect(await treeHashes(join(user.work, 'out-2'))).toEqual(
      await treeHashes(join(user.work, 'out-1')),
    )

    expect(await user.run(['stop', '--all'])).toMatchObject({ exitCode: 0 })
    await user.events(['watch', '--until-idle'])
    const { receipts } = await user.show(second)
    expect(receipts).toMatchObject([{ rentalId: summary.rentalId }])
    const { totalMicros } = await user.json<{ totalMicros: number }>(['ledger'])
    expect(await user.json(['sandbox', 'status'])).toMatchObject({
      machines: 0,
      billedMicros: totalMicros,
    })
    await user.quiet()
  })

  it('is given back by itself when its warm time is over', async () => {
    const job = await runToEnd('out', '2s')
    await user.events(['watch', '--until-idle'])
    expect((await user.show(job)).receipts).toHaveLength(1)
    expect(await user.json(['instances'])).toEqual([])
    await user.quiet()
  })
})

describe('a job that fails at once', () => {
  const failing = ['run', '--script', 'train/train.py', '--provider', 'sandbox', '--yes', '--json']
  beforeEach(async () => {
    await writeFile(join(user.work, 'train', 'train.py'), 'raise SystemExit(3)\n')
  })

  it('keeps its machine for the corrected one', async () => {
    expect(await user.run(failing)).toMatchObject({ exitCode: 3 })
    expect(await user.json(['instances'])).toHaveLength(1)
    await writeTrainingJob(user.work, dataBytes)
    await runToEnd('out', '0')
    expect(await user.json(['instances'])).toEqual([])
    expect(await user.sandbox.machines()).toHaveLength(1)
    await user.quiet()
  })

  it('keeps no machine with --keep-warm 0', async () => {
    expect(await user.run([...failing, '--keep-warm', '0'])).toMatchObject({ exitCode: 3 })
    expect(await user.json(['instances'])).toEqual([])
    expect(await user.json(['sandbox', 'status'])).toMatchObject({ machines: 0 })
    await user.quiet()
  })
})
