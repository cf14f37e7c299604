import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { collect } from '../../support/collect.ts'
import { sandboxProvider, sandboxAccount } from '../../../main/providers/sandbox/provider.ts'
import { sandboxDir, startSandbox } from '../../../main/providers/sandbox/launcher.ts'
import { sandboxStatus, stopSandbox } from '../../../main/providers/sandbox/status.ts'
import type { RentalRef, SshTarget } from '../../../main/providers/provider.ts'
import { eventually } from '../../support/eventually.ts'
import { launchRequest, newLoginKey, refOf, untilReachable } from '../../support/rent.ts'
import { isAlive, testSandbox } from '../../support/sandbox.ts'
import type { TestSandbox, TestSandboxOptions } from '../../support/sandbox.ts'
import { sshExec, sshLogin } from '../../support/ssh-client.ts'

const signal = new AbortController().signal
const key = newLoginKey()

describe("the sandbox's life", () => {
  const open: TestSandbox[] = []
  const sandboxOf = (options: TestSandboxOptions = {}): TestSandbox => {
    const sandbox = testSandbox(options)
    open.push(sandbox)
    return sandbox
  }
  afterEach(async () => {
    for (const sandbox of open.splice(0)) await sandbox.stop()
  })

  async function rent(sandbox: TestSandbox): Promise<{ rental: RentalRef; target: SshTarget }> {
    const offers = await collect(sandbox.session.offers({}, signal))
    const offer = offers.find(({ machineType }) => machineType === 't4-1')
    if (offer === undefined) throw new Error('The catalogue has no t4-1.')
    const now = sandbox.clock.now()
    const instance = await sandbox.session.launch(launchRequest(offer, key.publicKey, now), signal)
    const rental = refOf(instance, now)
    return { rental, target: await untilReachable(sandbox.session, rental) }
  }

  it('survives its own SIGKILL: machine, key, port, home, processes and meter', async () => {
    const sandbox = sandboxOf({ speed: 20 })
    const { rental, target } = await rent(sandbox)
    const before = await sshLogin(target, key.privateKey)
    before.on('error', () => undefined)
    await sshExec(
      before,
      'echo kept > file; setsid sleep 600 >/dev/null 2>&1 </dev/null & echo $! > pid',
    )
    const killed = sandbox.pid()
    if (killed === null) throw new Error('The sandbox does not run.')
    process.kill(killed, 'SIGKILL')
    await eventually(() => !isAlive(killed))
    expect(await sandboxStatus(sandbox.stateDir)).toMatchObject({ running: false, machines: 1 })

    const again = await untilReachable(sandbox.session, rental)
    expect(sandbox.pid()).not.toBe(killed)
    expect(again).toEqual(target)
    const client = await sshLogin(again, key.privateKey)
    expect((await sshExec(client, 'cat file; kill -0 $(cat pid) && echo alive')).stdout).toBe(
      'kept\nalive\n',
    )
    client.end()
    const described = await sandbox.session.describe(rental, signal)
    const outcome = await sandbox.session.release(rental, signal)
    expect(outcome).toMatchObject({
      kind: 'receipt',
      receipt: { billedFrom: described.billedFrom },
    })
  })

  it('ends a machine whose time ran out while the sandbox was dead, and bills only until then', async () => {
    const sandbox = sandboxOf({ speed: 60 })
    const { rental } = await rent(sandbox)
    const endBy = sandbox.clock.now() + 180_000
    await sandbox.session.expiry?.set(rental, endBy, signal)
    process.kill(Number(sandbox.pid()), 'SIGKILL')
    await eventually(() => sandbox.clock.now() > endBy + 30_000)
    const outcome = await eventually(async () => {
      const released = await sandbox.session.release(rental, signal)
      return released.kind === 'receipt' ? released.receipt : null
    })
    expect(Number(outcome.billedTo)).toBeLessThanOrEqual(endBy + 1000)
  })

  it('kills every process of a released machine, detached ones too, and removes its home', async () => {
    const sandbox = sandboxOf({ speed: 20 })
    const { rental, target } = await rent(sandbox)
    const client = await sshLogin(target, key.privateKey)
    client.on('error', () => undefined)
    const { stdout } = await sshExec(
      client,
      'pwd; for i in 1 2 3; do setsid sh -c "trap \\"\\" TERM HUP; sleep 600; :" >/dev/null 2>&1 </dev/null & echo $!; done; mkdir locked; touch locked/x; chmod 000 locked',
    )
    const [home, ...pids] = stdout.trim().split('\n')
    expect(pids).toHaveLength(3)
    await sandbox.session.release(rental, signal)
    // Killed at once, but there until their new parent has looked.
    await eventually(() => !pids.some((pid) => isAlive(Number(pid))), {
      what: 'the processes to be gone',
    })
    expect(() => readFileSync(join(String(home), '.profile'))).toThrow('ENOENT')
  })

  it('lets a machine end itself, but not with a wrong token', async () => {
    const sandbox = sandboxOf({ speed: 20 })
    const { rental, target } = await rent(sandbox)
    const client = await sshLogin(target, key.privateKey)
    client.on('error', () => undefined)
    await sshExec(client, 'echo wrong > ../sys/terminate')
    await eventually(
      async () => !(await sshExec(client, 'ls ../sys')).stdout.includes('terminate'),
      {
        what: 'the wrong request to be thrown away',
      },
    )
    expect((await sandbox.session.describe(rental, signal)).state).toBe('running')
    const command = sandbox.session.selfTerminateCommand?.(rental)
    void sshExec(client, String(command))
    await eventually(async () => (await sandbox.session.describe(rental, signal)).state === 'gone')
  })

  it('starts once for many that want it at the same moment', async () => {
    const sandbox = sandboxOf()
    const sessions = Array.from({ length: 4 }, () =>
      sandboxProvider(sandbox.deps).connect(sandboxAccount, sandbox.context),
    )
    await Promise.all(sessions.map((session) => session.check(signal)))
    const pid = sandbox.pid()
    const other = await startSandbox(sandbox.stateDir, sandbox.deps, null, signal)
    expect(other.pid).toBe(pid)
  })

  it('leaves by itself when it has had no machine for a while, not before, and comes back', async () => {
    const sandbox = sandboxOf({ speed: 20, idleMs: 300 })
    const { rental } = await rent(sandbox)
    const pid = Number(sandbox.pid())
    await expect(eventually(() => !isAlive(pid), { timeoutMs: 900 })).rejects.toThrow('Waited')
    await sandbox.session.release(rental, signal)
    await eventually(() => !isAlive(pid), { what: 'the idle sandbox to end' })
    const status = await sandboxStatus(sandbox.stateDir)
    expect(status).toMatchObject({ running: false, machines: 0 })
    expect(status.billedMicros).toBeGreaterThan(0)
    expect((await sandbox.session.check(signal)).ok).toBe(true)
    expect(await sandboxStatus(sandbox.stateDir)).toEqual({ ...status, running: true })
  })

  it('does not stop over machines unless forced, and is not started by being asked', async () => {
    const sandbox = sandboxOf({ speed: 20 })
    expect(await sandboxStatus(sandbox.stateDir)).toEqual({
      running: false,
      machines: 0,
      billedMicros: 0,
    })
    expect(sandbox.pid()).toBeNull()
    await rent(sandbox)
    await expect(stopSandbox(sandbox.stateDir)).rejects.toMatchObject({ code: 'conflict' })
    expect(await stopSandbox(sandbox.stateDir, { force: true })).toMatchObject({
      running: false,
      machines: 0,
    })
    await eventually(() => sandbox.pid() === null)
  })

  it('ends with its machines when its folder is deleted', async () => {
    const sandbox = sandboxOf({ speed: 20 })
    const { target } = await rent(sandbox)
    const client = await sshLogin(target, key.privateKey)
    client.on('error', () => undefined)
    const { stdout } = await sshExec(
      client,
      'setsid sleep 600 >/dev/null 2>&1 </dev/null & echo $!',
    )
    const pid = Number(sandbox.pid())
    rmSync(sandboxDir(sandbox.stateDir), { recursive: true, force: true })
    await eventually(() => !isAlive(pid) && !isAlive(Number(stdout)), { what: 'everything to end' })
  })

  it('says in one sentence why it cannot start', async () => {
    const sandbox = sandboxOf()
    const deps = {
      ...sandbox.deps,
      environment: { ...sandbox.deps.environment, SUBLET_CLOCK: 'nonsense' },
    }
    await expect(startSandbox(sandbox.stateDir, deps, null, signal)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'SUBLET_CLOCK is "nonsense", but must look like 60@1795000000000 (speed@epoch ms).',
    })
    expect(readFileSync(join(sandboxDir(sandbox.stateDir), 'sandbox.log'), 'utf8')).not.toContain(
      ' at ',
    )
  })
})
