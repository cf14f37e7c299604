import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { JobDetail } from '../../preload/contract/job.ts'
import { fingerprint } from '../../main/machine/ssh/keys.ts'
import { testUser, type TestUser } from '../support/cli.ts'
import { nothingRented } from '../support/nothing-rented.ts'
import { oneSentence, plain } from '../support/sentences.ts'
import { sshdAvailable, startSshd, type TestSshd } from '../support/sshd.ts'
import { isTmpfsAvailable, mountTmpfs, type Tmpfs } from '../support/tmpfs.ts'
import { treeHashes } from '../support/training-job.ts'

let user: TestUser

const account = 122
const engine = 124
const onSandbox = ['--provider', 'sandbox', '--gpus', '0', '--keep-warm', '0'] as const
/** How a job ended, told by `attach`, whose exit code is that of `run`. */
async function ending(job: string): Promise<{ exitCode: number | string; detail: JobDetail }> {
  const { exitCode } = await user.run(['attach', job])
  return { exitCode, detail: await user.show(job) }
}

beforeAll(async () => {
  user = await testUser()
})
afterAll(async () => await user.stop())

describe('a sandbox machine', () => {
  afterEach(async () => await nothingRented(user))

  it('whose host key changes under a running job is trusted no more, and goes back', async () => {
    const job = await user.submit([...onSandbox, '--command', 'echo began; sleep 600'])
    const { rentalId } = await user.untilState('running')
    await user.sandbox.machine(String(rentalId), 'host-key')

    const { exitCode, detail } = await ending(job)

    expect(exitCode).toBe(account)
    expect(detail.summary).toMatchObject({ state: 'failed', settled: true })
    expect(detail.summary.error).toMatchObject({ code: 'host-key' })
    expect(plain(detail.summary.error?.message ?? '')).toMatch(/host key.*run the job again/)
    expect(detail.receipts).toMatchObject([{ rentalId }])
  })

  it('whose disk is full during the upload is given back, and the sentence says so', async () => {
    await writeFile(join(user.work, 'rows.bin'), randomBytes(24 * 1024 * 1024))
    await user.sandbox.fault({ kind: 'latency', ms: 1_500 }, { operation: 'expiry-read' })
    const job = await user.submit([...onSandbox, '--data', 'rows.bin', '--command', 'true'])
    const { rentalId } = await user.untilState('connecting')
    await user.sandbox.machine(String(rentalId), 'disk', { bytesLeft: 4 * 1024 * 1024 })

    const { exitCode, detail } = await ending(job)

    expect(exitCode).toBe(engine)
    expect(detail.summary).toMatchObject({ state: 'failed', error: { code: 'disk-full' } })
    expect(plain(detail.summary.error?.message ?? '')).toMatch(
      /disk of .* is full; choose a machine with a larger disk/,
    )
    expect(detail.receipts).toMatchObject([{ rentalId }])
  })
})

describe.skipIf(!isTmpfsAvailable())('a full disk at home', () => {
  let disk: Tmpfs
  beforeAll(async () => {
    await mkdir(join(user.work, 'out'))
    disk = mountTmpfs(join(user.work, 'out'), '1m')
  })
  afterAll(() => disk.unmount())

  it('costs no results: the machine waits, the user is told, and all come home once there is room', async () => {
    const make =
      'head -c 3000000 /dev/urandom > "$SUBLET_OUTPUT/weights.bin"; echo small > "$SUBLET_OUTPUT/notes.txt"; cd "$SUBLET_OUTPUT"; sha256sum weights.bin notes.txt'
    const job = await user.submit([...onSandbox, '--output', 'out', '--command', make])
    const { progress, rentalId } = await user.until(
      (one) => one.id === job && /Trying again/.test(one.progress.sentence),
      'the user to be told of the full disk',
    )
    expect(plain(progress.sentence)).toMatch(/work\/out.*free.*Trying again/)
    expect(await user.json(['sandbox', 'status'])).toMatchObject({ machines: 1 })

    disk.resize('16m')

    const { exitCode, detail } = await ending(job)
    expect(exitCode).toBe(0)
    expect(detail.outputs).toMatchObject({ files: 2, verified: true, warnings: [] })
    expect(detail.receipts).toMatchObject([{ rentalId }])
    const home = await treeHashes(join(user.work, 'out'))
    const there = (await user.run(['logs', job])).stdout.trim().split('\n')
    expect(there.map((line) => line.split(/\s+/))).toEqual([
      [home['weights.bin'], 'weights.bin'],
      [home['notes.txt'], 'notes.txt'],
    ])
    await nothingRented(user)
  })
})

describe.skipIf(!sshdAvailable())('an own host', () => {
  let sshd: TestSshd
  const key = (): string => join(user.base, 'key')
  const add = async (name: string, keyFile: string, print?: string) => {
    const right = fingerprint((await sshd.hostKeys())[0] ?? '')
    const where = `${sshd.user}@127.0.0.1:${sshd.port}`
    const answers = ['--key', keyFile, '--fingerprint', print ?? right]
    return await user.run(['hosts', 'add', name, where, '--rate', '0.40', ...answers])
  }
  beforeAll(async () => {
    sshd = await startSshd()
    await copyFile(sshd.privateKeyPath, key())
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(user.base, 'wrong')])
  })
  afterAll(async () => await sshd.stop())
  afterEach(async () => await user.quiet())

  it('that does not take the key is not added', async () => {
    const refused = await add('lab', join(user.base, 'wrong'))
    expect(oneSentence(refused, account)).toMatch(/127\.0\.0\.1.*key/)
    expect(await user.json(['hosts', 'list'])).toEqual([])
  })

  it('whose fingerprint is another one is not added', async () => {
    const refused = await add('lab', key(), `SHA256:${'A'.repeat(43)}`)
    expect(oneSentence(refused, account)).toMatch(/SHA256:/)
  })

  it('that takes the key no more runs nothing', async () => {
    expect(await add('lab', key())).toMatchObject({ exitCode: 0 })
    await copyFile(join(user.base, 'wrong'), key())
    const run = await user.run(['run', '--host', 'lab', '--command', 'true', '--yes'])
    expect(oneSentence(run, account)).toMatch(/refused the log-in; .*key/)
    await copyFile(sshd.privateKeyPath, key())
  })

  it('whose host key has changed runs nothing, and cleans up once the new key is trusted', async () => {
    const job = await user.submit(['--host', 'lab', '--command', 'sleep 600', '--accept-no-lease'])
    await user.until((one) => one.id === job && one.state === 'running', 'the job to run')
    await sshd.changeHostKeys()
    const { progress } = await user.until(
      (one) =>
        one.id === job && one.state === 'releasing' && /host key/.test(one.progress.sentence),
      'the changed key to be noticed',
    )
    expect(plain(progress.sentence)).toMatch(/showed the host key SHA256:.*sublet hosts add/)
    const run = await user.run(['run', '--host', 'lab', '--command', 'true', '--yes'])
    expect(oneSentence(run, account)).toMatch(/showed the host key SHA256:.*sublet hosts add/)

    expect(await add('lab', key())).toMatchObject({ exitCode: 0 })

    const { exitCode, detail } = await ending(job)
    expect(exitCode).toBe(account)
    expect(detail.summary).toMatchObject({ state: 'failed', settled: true })
    expect(detail.summary.error).toMatchObject({ code: 'host-key' })
    expect(await user.json(['instances'])).toEqual([])
  })
})
