import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostSummary } from '../../preload/contract/account.ts'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import { testUser, type TestUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { addHost, leftOnHost } from '../support/own-host.ts'
import { sshdAvailable, startSshd, type TestSshd } from '../support/sshd.ts'
import { runLocally, treeHashes, writeTrainingJob } from '../support/training-job.ts'

const mb = 1024 * 1024
const training = ['--host', 'lab', '--script', 'train/train.py', '--data', 'data']
const toOut = ['--output', 'out', '--yes']

let user: TestUser
let sshd: TestSshd

describe.skipIf(!sshdAvailable())('an own host', () => {
  beforeEach(async () => {
    user = await testUser()
    sshd = await startSshd()
  })
  afterEach(async () => {
    try {
      await user.stop()
    } finally {
      await sshd.stop()
    }
  })

  it('is added only with the right fingerprint and a key that opens it', async () => {
    const stranger = join(user.base, 'stranger')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger])

    const wrongPrint = await addHost(user, sshd, { fingerprint: `SHA256:${'A'.repeat(43)}` })
    expect(wrongPrint).toMatchObject({ exitCode: 122, stdout: '' })
    expect(wrongPrint.stderr).toMatch(/shows another key than the fingerprint you gave.*SHA256:/)
    const wrongKey = await addHost(user, sshd, { key: stranger })
    expect(wrongKey).toMatchObject({ exitCode: 122, stdout: '' })
    expect(wrongKey.stderr.trim().split('\n')).toHaveLength(1)
    expect(await user.json(['hosts', 'list'])).toEqual([])

    expect(await addHost(user, sshd)).toMatchObject({ exitCode: 0, stderr: '' })
    const [host] = await user.json<HostSummary[]>(['hosts', 'list'])
    expect(host).toMatchObject({ name: 'lab', port: sshd.port, rateMicrosPerHour: 3_600_000 })
  })

  it('trains on 200 MB to the same bytes as a local run, and is left as it was', async () => {
    await writeTrainingJob(user.work, 200 * mb)
    const local = await runLocally(user.work, join(user.base, 'local'))
    await addHost(user, sshd)

    const done = (await user.events(['run', ...training, ...toOut])).at(-1)

    expect(done).toMatchObject({ type: 'done', state: 'done', exitCode: 0, settled: true })
    const job = String(done?.['job'])
    expect(await treeHashes(join(user.work, 'out'))).toEqual(
      await treeHashes(join(user.base, 'local')),
    )
    expect((await user.run(['logs', job])).stdout).toBe(local.log)
    const { receipts, summary } = await user.show(job)
    expect(receipts).toMatchObject([{ rentalId: summary.rentalId, providerId: 'host' }])
    await expectBilledByRate(job)
    await eventually(async () => (await leftOnHost(sshd)).length === 0, { what: 'a clean host' })
    expect(await user.json(['instances'])).toEqual([])
    await user.quiet()
  })

  it('goes on with its job when the engine is killed and started again', async () => {
    const gate = join(user.work, 'script.gate')
    await writeTrainingJob(user.work, mb)
    const local = await runLocally(user.work, join(user.base, 'local'))
    await addHost(user, sshd)
    const job = await user.submit([...training, '--output', 'out', '--env', `GATE=${gate}`])
    await user.untilState('running')
    await user.killEngine()
    await writeFile(gate, '')

    await user.events(['watch', '--until-idle'])

    const { summary, receipts } = await user.show(job)
    expect(summary).toMatchObject({ state: 'done', exitCode: 0, settled: true })
    expect(receipts).toHaveLength(1)
    expect(await treeHashes(join(user.work, 'out'))).toEqual(
      await treeHashes(join(user.base, 'local')),
    )
    expect((await user.run(['logs', job])).stdout).toBe(local.log)
    await expectBilledByRate(job)
    await eventually(async () => (await leftOnHost(sshd)).length === 0, { what: 'a clean host' })
    await user.quiet()
  })

  it('is refused with a sentence once its host key has changed', async () => {
    await writeTrainingJob(user.work, mb)
    await addHost(user, sshd)
    await sshd.changeHostKeys()

    const refused = await user.run(['run', ...training, ...toOut])

    expect(refused.exitCode).toBe(122)
    expect(refused.stderr).toMatch(/host key.*adding the host once more with sublet hosts add/)
    expect(refused.stderr.trim().split('\n')).toHaveLength(1)
    expect(await leftOnHost(sshd)).toEqual([])
    expect(await user.json(['instances'])).toEqual([])
    await user.quiet()
    expect(await addHost(user, sshd)).toMatchObject({ exitCode: 0 })
  })
})

/** The ledger has the job's time on the machine, at the rate of `hosts add`. */
async function expectBilledByRate(job: string): Promise<void> {
  const { entries, totalMicros } = await user.json<Ledger>(['ledger'])
  const { receipts, summary } = await user.show(job)
  expect(entries).toMatchObject([{ jobId: job, simulated: false, rentalId: summary.rentalId }])
  const [entry] = entries
  // $3.60 an hour is 1 micro-dollar a millisecond; an own host is billed by the second.
  expect(Math.abs(totalMicros - ((entry?.to ?? 0) - (entry?.from ?? 0)))).toBeLessThanOrEqual(1_000)
  expect(totalMicros).toBeGreaterThan(0)
  expect(entry?.from).toBeLessThanOrEqual(summary.startedAt ?? 0)
  expect(entry?.to).toBeLessThanOrEqual(receipts[0]?.confirmedAt ?? 0)
}

interface Ledger {
  readonly entries: readonly LedgerEntry[]
  readonly totalMicros: number
}
