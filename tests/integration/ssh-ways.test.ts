import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Machine } from '../../main/machine/machine.ts'
import { connectMachine } from '../../main/machine/ssh/connect.ts'
import { SshHostConnector } from '../../main/machine/ssh/host-connector.ts'
import { scanHostKeys } from '../../main/machine/ssh/scan.ts'
import { memoryPins } from '../support/host-key-pins.ts'
import { sshdAvailable, startSshd, type TestSshd } from '../support/sshd.ts'

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

async function sshd(): Promise<TestSshd> {
  const started = await startSshd()
  sshds.push(started)
  return started
}

async function connect(...args: Parameters<typeof connectMachine>): Promise<Machine> {
  const machine = await connectMachine(...args)
  machines.push(machine)
  return machine
}

describe.skipIf(!sshdAvailable())('ways to a machine', () => {
  test('through a jump host, each with its own key check; losing the jump loses the machine', async () => {
    const [jump, server] = [await sshd(), await sshd()]
    await jump.authorize(server.publicKey)
    const pins = memoryPins()
    const target = { ...(await server.target()), hostKeys: [] }
    const jumps = [{ host: '127.0.0.1', port: jump.port, user: jump.user, hostKeys: [] }]
    const machine = await connect({ ...target, jumps }, {}, pins)
    expect((await machine.exec('echo "$HOME"')).stdout).toBe(`${server.home}\n`)
    expect([...pins.keys.keys()].toSorted()).toEqual(
      [`[127.0.0.1]:${jump.port}`, `[127.0.0.1]:${server.port}`].toSorted(),
    )
    const keys = await scanHostKeys('127.0.0.1', server.port, AbortSignal.timeout(10_000), {
      jumps,
      identity: { privateKeyPath: server.privateKeyPath },
      pins,
    })
    expect(keys).toEqual(await server.hostKeys())
    const running = machine.exec('sleep 300')
    jump.cut()
    await expect(running).rejects.toMatchObject({ code: 'unreachable' })
    expect(machine.lost.aborted).toBe(true)
    await jump.changeHostKeys()
    await expect(connect({ ...target, jumps }, {}, pins)).rejects.toMatchObject({
      code: 'host-key',
      message: expect.stringContaining(String(jump.port)) as string,
    })
  })

  test('a closed port, a name that does not exist and a server that stays silent are unreachable', async () => {
    const server = await sshd()
    const target = await server.target()
    await server.pause()
    const refused = connect(target, {}, memoryPins())
    await expect(refused).rejects.toMatchObject({ code: 'unreachable' })
    await expect(refused).rejects.toThrow(/refused/)
    await expect(
      connect({ ...target, host: 'no-such-host.invalid' }, {}, memoryPins()),
    ).rejects.toMatchObject({ code: 'unreachable' })
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    await expect(
      connect({ ...target, port }, {}, memoryPins(), { readyTimeoutMs: 200 }),
    ).rejects.toMatchObject({ code: 'unreachable' })
    const stop = new AbortController()
    const given = connect({ ...target, port }, {}, memoryPins(), { signal: stop.signal })
    stop.abort(new Error('never mind'))
    await expect(given).rejects.toThrow('never mind')
    silent.close()
  })
})

describe.skipIf(!sshdAvailable())('own hosts by their alias', () => {
  test('scan, trust and connect through the user’s configuration and its jump', async () => {
    const [jump, server] = [await sshd(), await sshd()]
    await jump.authorize(server.publicKey)
    await mkdir(join(dir, '.ssh'))
    await writeFile(
      join(dir, '.ssh', 'config'),
      `Host lab\n  HostName 127.0.0.1\n  Port ${server.port}\n  ProxyJump gate\n` +
        `Host gate\n  HostName 127.0.0.1\n  Port ${jump.port}\n` +
        `Host *\n  User ${server.user}\n  IdentityFile ${server.privateKeyPath}\n  IdentityAgent none\n`,
    )
    const pins = memoryPins()
    const connector = new SshHostConnector(pins, { home: dir, localUser: 'nobody' })
    const reach = { signal: AbortSignal.timeout(20_000), agentSocket: undefined }
    const { target, keys } = await connector.scan('lab', null, reach)
    expect(keys).toEqual(await server.hostKeys())
    expect(target).toMatchObject({ port: server.port, user: server.user, useAgent: false })
    const trusted = await connector.resolve('lab', { identityFile: null, hostKeys: keys })
    const [jumpKey] = await jump.hostKeys()
    expect(trusted.jumps?.[0]?.hostKeys).toEqual([jumpKey])
    const machine = await connector.connect(trusted, reach)
    machines.push(machine)
    expect((await machine.exec('echo "$HOME"')).stdout).toBe(`${server.home}\n`)
  })
})
