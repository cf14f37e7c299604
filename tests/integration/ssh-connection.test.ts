import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Machine } from '../../main/machine/machine.ts'
import { connectMachine } from '../../main/machine/ssh/connect.ts'
import {
  fingerprint,
  generateKeyPair,
  knownHostsLines,
  writePrivateKey,
} from '../../main/machine/ssh/keys.ts'
import { scanHostKeys } from '../../main/machine/ssh/scan.ts'
import { memoryPins } from '../support/host-key-pins.ts'
import { startAgent } from '../support/ssh-agent.ts'
import { sshdAvailable, startSshd, type SshdOptions, type TestSshd } from '../support/sshd.ts'

const sshds: TestSshd[] = []
const machines: Machine[] = []
let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sublet-ssh-'))
})
afterEach(async () => {
  for (const machine of machines.splice(0)) machine.close()
  for (const sshd of sshds.splice(0)) await sshd.stop()
  await rm(dir, { recursive: true, force: true })
})

async function sshd(options: SshdOptions = {}): Promise<TestSshd> {
  const started = await startSshd(options)
  sshds.push(started)
  return started
}

async function connect(...args: Parameters<typeof connectMachine>): Promise<Machine> {
  const machine = await connectMachine(...args)
  machines.push(machine)
  return machine
}

describe.skipIf(!sshdAvailable())('host keys', () => {
  test('the first key is pinned, the same key passes, a changed one is refused', async () => {
    const server = await sshd()
    const target = { ...(await server.target()), hostKeys: [] }
    const pins = memoryPins()
    await connect(target, {}, pins)
    const [ed25519 = ''] = await server.hostKeys()
    expect(pins.keys.get(`[127.0.0.1]:${server.port}`)).toEqual([ed25519])
    await connect(target, {}, pins)
    await server.changeHostKeys()
    const [changed = ''] = await server.hostKeys()
    const refused = connect(target, {}, pins)
    await expect(refused).rejects.toMatchObject({ code: 'host-key' })
    await expect(refused).rejects.toThrow(fingerprint(ed25519))
    await expect(refused).rejects.toThrow(fingerprint(changed))
    expect((await server.log()).match(/Accepted publickey/g)).toHaveLength(2)
  })

  test('a pinned key of the less preferred type is the one that is asked for', async () => {
    const server = await sshd()
    const [, ecdsa = ''] = await server.hostKeys()
    const machine = await connect(
      { ...(await server.target()), hostKeys: [ecdsa] },
      {},
      memoryPins(),
    )
    expect((await machine.exec('echo ok')).stdout).toBe('ok\n')
  })

  test('a published key that the server does not hold is refused before the log-in', async () => {
    const server = await sshd()
    const { publicKey } = generateKeyPair('other')
    const target = { ...(await server.target()), hostKeys: [publicKey] }
    await expect(connect(target, {}, memoryPins())).rejects.toMatchObject({ code: 'host-key' })
    expect(await server.log()).not.toContain('Accepted')
  })

  test('a pin that cannot be kept refuses the connection', async () => {
    const server = await sshd()
    const pins = {
      expected: async () => [],
      pin: async () => {
        throw new Error('disk')
      },
    }
    const target = { ...(await server.target()), hostKeys: [] }
    await expect(connect(target, {}, pins)).rejects.toMatchObject({ code: 'host-key' })
  })

  test('a scan shows the keys that the server has, with the fingerprints of ssh-keygen', async () => {
    const server = await sshd()
    const scanned = await scanHostKeys('127.0.0.1', server.port, AbortSignal.timeout(10_000))
    expect(scanned).toEqual(await server.hostKeys())
    const path = join(dir, 'key.pub')
    await writeFile(path, `${scanned[0]}\n`)
    const listed = execFileSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' })
    expect(listed.split(' ')[1]).toBe(fingerprint(scanned[0] ?? ''))
  })
})

describe.skipIf(!sshdAvailable())('logging in', () => {
  test('with a key pair that Sublet made, and the system ssh takes both files too', async () => {
    const server = await sshd()
    const pair = generateKeyPair('sublet-test')
    const path = join(dir, 'keys', 'rental')
    await writePrivateKey(path, pair.privateKey)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await server.authorize(pair.publicKey)
    const { identityFile: _own, ...target } = await server.target()
    const machine = await connect(target, { privateKeyPath: path }, memoryPins())
    expect((await machine.exec('echo in')).stdout).toBe('in\n')
    const known = join(dir, 'known_hosts')
    await writeFile(known, knownHostsLines('127.0.0.1', server.port, await server.hostKeys()))
    const trust = ['-o', `UserKnownHostsFile=${known}`, '-o', 'StrictHostKeyChecking=yes']
    const login = ['-F', 'none', '-o', 'IdentitiesOnly=yes', '-i', path, '-p', String(server.port)]
    const args = [...login, ...trust, `${server.user}@127.0.0.1`, 'echo ssh']
    expect(execFileSync('ssh', args, { encoding: 'utf8' })).toBe('ssh\n')
  })

  test('with a real agent, also after a key file that is not accepted', async () => {
    const server = await sshd()
    const agent = await startAgent()
    try {
      agent.add(server.privateKeyPath)
      const { identityFile: _own, ...target } = await server.target()
      const identity = { agentSocket: agent.socket }
      const machine = await connect({ ...target, useAgent: true }, identity, memoryPins())
      expect((await machine.exec('echo agent')).stdout).toBe('agent\n')
      const wrong = join(dir, 'wrong')
      await writePrivateKey(wrong, generateKeyPair('wrong').privateKey)
      const both = { ...target, useAgent: true, identityFile: wrong }
      await connect(both, identity, memoryPins())
      await expect(
        connect({ ...target, identityFile: wrong }, identity, memoryPins()),
      ).rejects.toMatchObject({ code: 'auth' })
    } finally {
      await agent.stop()
    }
  })

  test('with the right one of many keys in the agent: the one whose file has a passphrase', async () => {
    const server = await sshd()
    const agent = await startAgent()
    try {
      for (let n = 0; n < 8; n += 1) {
        const other = join(dir, `other-${n}`)
        await writePrivateKey(other, generateKeyPair('other').privateKey)
        agent.add(other)
      }
      agent.add(server.privateKeyPath)
      execFileSync('ssh-keygen', ['-q', '-p', '-N', 'secret-phrase', '-f', server.privateKeyPath])
      const target = { ...(await server.target()), useAgent: true }
      await connect(target, { agentSocket: agent.socket }, memoryPins())
      const { identityFile: _own, ...withoutFile } = target
      await expect(
        connect(withoutFile, { agentSocket: agent.socket }, memoryPins()),
      ).rejects.toMatchObject({ code: 'auth' })
    } finally {
      await agent.stop()
    }
  })

  test('a wrong key, a missing one, one with a passphrase and a dead agent say what to do', async () => {
    const server = await sshd()
    const target = await server.target()
    const attempt = async (identityFile: string, agentSocket?: string): Promise<unknown> => {
      const identity = agentSocket === undefined ? {} : { agentSocket }
      const useAgent = agentSocket !== undefined
      return await connect({ ...target, identityFile, useAgent }, identity, memoryPins()).catch(
        (error: unknown) => error,
      )
    }
    const wrong = join(dir, 'wrong')
    await writePrivateKey(wrong, generateKeyPair('wrong').privateKey)
    const refused = { code: 'auth', message: expect.stringContaining(wrong) as string }
    expect(await attempt(wrong)).toMatchObject(refused)
    expect(await attempt(wrong, join(dir, 'no-agent'))).toMatchObject(refused)
    expect(await attempt(join(dir, 'none'))).toMatchObject({
      code: 'auth',
      message: expect.stringContaining('does not exist') as string,
    })
    const locked = join(dir, 'locked')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret-phrase', '-f', locked])
    await chmod(locked, 0o600)
    expect(await attempt(locked)).toMatchObject({
      code: 'auth',
      message: expect.stringContaining('ssh-add') as string,
    })
  })
})
