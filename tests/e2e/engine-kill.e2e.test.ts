import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import { testUser, type TestUser } from '../support/cli.ts'
import { gatedJob, heldStates, letGo, reach } from '../support/killed-job.ts'
import { eventually } from '../support/eventually.ts'
import { jobOnDisk } from '../support/journal-on-disk.ts'
import { runLocally, treeHashes, writeTrainingJob } from '../support/training-job.ts'

const dataBytes = 24 * 1024 * 1024
const weightsMb = 24

let reference: { readonly log: string; readonly files: Readonly<Record<string, string>> }
let user: TestUser

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'sublet-e2e-reference-'))
  await writeTrainingJob(dir, dataBytes)
  const { log } = await runLocally(dir, join(dir, 'out'), { WEIGHTS_MB: String(weightsMb) })
  reference = { log, files: await treeHashes(join(dir, 'out')) }
  await rm(dir, { recursive: true })
})
beforeEach(async () => {
  user = await testUser()
  await writeTrainingJob(user.work, dataBytes)
})
afterEach(async () => await user.stop())

// At every line of the journal, and so in every state: see tests/faults/classes/engine-kills.ts.
describe('an engine killed with SIGKILL', () => {
  it.each(heldStates)(
    'in the middle of %s: the next one finds the job and repeats nothing',
    async (state) => {
      const gates = await gatedJob(user, weightsMb)
      // Answers only once the inputs are frozen, which is after the first gate.
      const run = user.start([
        'run',
        'train/sublet.yaml',
        '--provider',
        'sandbox',
        '--detach',
        '--yes',
      ])
      const { id: job } = await user.untilState('queued')
      await reach(user, gates, state)
      await user.killEngine()
      await run.exit
      expect(jobOnDisk(user.home, job).state).toBe(state)
      await letGo(user, gates)

      const events = await user.events(['watch', '--until-idle'])

      expect(events.at(-1)).toMatchObject({ type: 'idle' })
      await expectDoneOnce(job)
    },
  )

  it('while a client watches: the watch starts the next one and ends when all is done', async () => {
    const gates = await gatedJob(user, weightsMb)
    await gates.open('before')
    const job = await user.submit(['train/sublet.yaml', '--provider', 'sandbox'])
    const watch = user.start(['watch', '--until-idle', '--json'])
    await user.untilState('running')
    await eventually(() => watch.stdout().includes('"running"'), { timeoutMs: 20_000 })
    const killed = user.enginePid()
    await user.killEngine()
    await eventually(() => user.enginePid() !== null && user.enginePid() !== killed, {
      timeoutMs: 20_000,
      what: 'the watch to start an engine',
    })
    await gates.open('script')
    expect(await watch.exit).toBe(0)
    expect(watch.stdout()).toMatch(/"type":"idle"\}\n$/)
    await expectDoneOnce(job)
  })
})

/** One start, one machine, one bill; log and results as of an uninterrupted run; nothing left. */
async function expectDoneOnce(job: string): Promise<void> {
  const { summary, receipts, outputs } = await user.show(job)
  expect(summary).toMatchObject({ state: 'done', exitCode: 0, settled: true, error: null })
  expect(outputs).toMatchObject({ verified: true, warnings: [] })
  expect(await treeHashes(join(user.work, 'out'))).toEqual(reference.files)
  expect((await user.run(['logs', job])).stdout).toBe(reference.log)
  const machines = await user.sandbox.machines()
  expect(machines).toMatchObject([{ name: summary.rentalId, state: 'ended' }])
  const ledger = await user.json<Ledger>(['ledger'])
  const bill = await user.json<Bill>(['sandbox', 'status'])
  expect(bill).toMatchObject({ machines: 0, billedMicros: ledger.totalMicros })
  expect(receipts).toMatchObject([{ rentalId: summary.rentalId, billedMicros: bill.billedMicros }])
  await user.quiet()
}

interface Ledger {
  readonly entries: readonly LedgerEntry[]
  readonly totalMicros: number
}
interface Bill {
  readonly machines: number
  readonly billedMicros: number
}
