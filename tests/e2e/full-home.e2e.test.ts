import { existsSync, rmSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fingerprint } from '../../main/machine/ssh/keys.ts'
import { testUser, type TestUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { plain } from '../support/sentences.ts'
import { sshdAvailable, startSshd, type TestSshd } from '../support/sshd.ts'
import { isTmpfsAvailable, mountTmpfs, type Tmpfs } from '../support/tmpfs.ts'

describe.skipIf(!sshdAvailable() || !isTmpfsAvailable())('no room for Sublet itself', () => {
  let user: TestUser
  let sshd: TestSshd
  let disk: Tmpfs
  beforeAll(async () => {
    user = await testUser()
    await mkdir(user.home, { mode: 0o700 })
    disk = mountTmpfs(user.home, '24m')
    sshd = await startSshd()
  })
  afterAll(async () => {
    await sshd.stop()
    // The folder is removed with the user, so all that works in it ends and lets go of it first.
    await user.run(['sandbox', 'stop', '--force'])
    await user.killEngine()
    await eventually(
      () => {
        disk.unmount()
        return true
      },
      { everyMs: 200, what: 'the folder to be let go of' },
    )
    await user.stop()
  })

  it('while a job runs: it goes on, the user is told, and with room again nothing is missing', async () => {
    const key = fingerprint((await sshd.hostKeys())[0] ?? '')
    const where = [`${sshd.user}@127.0.0.1:${sshd.port}`, '--key', sshd.privateKeyPath]
    const added = await user.run(['hosts', 'add', 'lab', ...where, '--fingerprint', key])
    expect(added).toMatchObject({ exitCode: 0 })
    const [gate, over] = [join(user.work, 'gate'), join(user.work, 'over')]
    const args = ['--host', 'lab', '--keep-warm', '0', '--output', 'out', '--command']
    const waits = `while [ ! -e '${gate}' ]; do sleep 0.05; done`
    const works = `seq 100000; echo whole >"$SUBLET_OUTPUT/whole"; : >'${over}'`
    const job = await user.submit([...args, `${waits}; ${works}`])
    await user.untilState('running')
    await fill(join(user.home, 'filler'))
    await (await open(gate, 'w')).close()
    await eventually(() => existsSync(over), { timeoutMs: 20_000, what: 'the job to end there' })
    const told = await user.until(
      (one) => one.id === job && /disk of this computer/.test(one.progress.sentence),
      'the user to be told',
    )
    expect(plain(told.progress.sentence)).toMatch(/free some space/)

    rmSync(join(user.home, 'filler'))

    expect(await user.run(['attach', job])).toMatchObject({ exitCode: 0, stderr: '' })
    const lines = Array.from({ length: 100_000 }, (_none, index) => `${index + 1}\n`)
    expect((await user.run(['logs', job])).stdout === lines.join('')).toBe(true)
    const { outputs, summary } = await user.show(job)
    expect(outputs).toMatchObject({ files: 1, verified: true, warnings: [] })
    expect(summary).toMatchObject({ settled: true, error: null })
    expect(await user.json(['instances'])).toEqual([])
    await user.quiet()
  })
})

/** Takes every last byte that its file system has. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (const size of [1 << 20, 1 << 12, 1]) {
      const bytes = Buffer.alloc(size, 1)
      await (async () => {
        for (;;) await file.appendFile(bytes)
      })().catch((error: unknown) => expect(error).toMatchObject({ code: 'ENOSPC' }))
    }
  } finally {
    await file.close()
  }
}
