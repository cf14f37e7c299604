import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { isAlive } from '../support/sshd-processes.ts'
import { sshdAvailable, startSshd, type TestSshd } from '../support/sshd.ts'

const run = promisify(execFile)
const opened: TestSshd[] = []
afterEach(async () => {
  for (const sshd of opened.splice(0)) await sshd.stop()
})

async function ssh(sshd: TestSshd, command: string): Promise<string> {
  const known = join(sshd.home, '..', 'known_hosts')
  const lines = await sshd.hostKeys()
  await writeFile(known, lines.map((key) => `[127.0.0.1]:${sshd.port} ${key}\n`).join(''))
  const identity = ['-i', sshd.privateKeyPath, '-o', 'IdentitiesOnly=yes']
  const trust = ['-o', `UserKnownHostsFile=${known}`, '-o', 'StrictHostKeyChecking=yes']
  const address = ['-p', String(sshd.port), `${sshd.user}@${sshd.host}`]
  const { stdout } = await run('ssh', ['-F', 'none', ...identity, ...trust, ...address, command])
  return stdout
}

describe.skipIf(!sshdAvailable())('the sshd of the tests', () => {
  test.each(['/bin/dash', '/bin/bash', '/usr/bin/busybox sh'])(
    '%s runs in its own home',
    async (shell) => {
      if (!existsSync(shell.split(' ')[0] ?? '')) {
        process.stderr.write(`SKIPPED: ${shell} is not installed.\n`)
        return
      }
      const sshd = await startSshd({ shell, environment: { EXTRA: "it's" } })
      opened.push(sshd)
      expect(await ssh(sshd, 'echo "$HOME $EXTRA $PWD"')).toBe(`${sshd.home} it's ${sshd.home}\n`)
    },
  )

  test('stop leaves no process behind, not even a detached one', async () => {
    const sshd = await startSshd()
    const pid = Number(await ssh(sshd, 'setsid sleep 300 >/dev/null 2>&1 </dev/null & echo $!'))
    expect(isAlive(pid)).toBe(true)
    await sshd.stop()
    expect(isAlive(pid)).toBe(false)
    expect(existsSync(sshd.home)).toBe(false)
  })

  test('new keys and a pause keep the port', async () => {
    const sshd = await startSshd()
    opened.push(sshd)
    const before = await sshd.hostKeys()
    await sshd.changeHostKeys()
    expect(await sshd.hostKeys()).not.toEqual(before)
    expect(await ssh(sshd, 'echo changed')).toBe('changed\n')
    await sshd.pause()
    await expect(ssh(sshd, 'true')).rejects.toThrow(/refused/)
    await sshd.resume()
    expect(await ssh(sshd, 'echo back')).toBe('back\n')
  })
})
