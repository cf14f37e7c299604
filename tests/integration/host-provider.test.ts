import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Offer } from '../../preload/contract/offer.ts'
import { offerSchema } from '../../preload/contract/offer.ts'
import { billableSchema, receiptSchema, type RentalId } from '../../preload/contract/rental.ts'
import { SshHostConnector } from '../../main/machine/ssh/host-connector.ts'
import { connectMachine } from '../../main/machine/ssh/connect.ts'
import { HostProvider } from '../../main/providers/host/host-provider.ts'
import { storedHostSettings } from '../../main/providers/host/settings.ts'
import type { LaunchRequest, ProviderSession, RentalRef } from '../../main/providers/provider.ts'
import { collect } from '../support/collect.ts'
import { eventually } from '../support/eventually.ts'
import { installFakeNvidiaSmi } from '../support/fake-nvidia-smi.ts'
import { memoryPins } from '../support/host-key-pins.ts'
import { isAlive, processesWithEnvironment } from '../support/sshd-processes.ts'
import { sshdAvailable, startSshd, type SshdOptions, type TestSshd } from '../support/sshd.ts'

const sshds: TestSshd[] = []
afterEach(async () => {
  for (const sshd of sshds.splice(0)) await sshd.stop()
})

const signal = AbortSignal.timeout(300_000)
const shells = ['/bin/dash', '/bin/bash', '/usr/bin/busybox sh'].filter((shell) => {
  if (existsSync(shell.split(' ')[0] ?? '')) return true
  process.stderr.write(`SKIPPED: ${shell} is not installed.\n`)
  return false
})
const h100 = { name: 'NVIDIA H100 80GB HBM3', memoryMiB: 81_559 }

function rentalId(n: number): RentalId {
  return `sublet-01jd0000000000000000000${String(n).padStart(3, '0')}`
}

function ref(n: number, seen = false): RentalRef {
  return { rentalId: rentalId(n), instanceId: null, launchedAt: 0, seen, region: 'lab' }
}

async function startHost(gpus: number, options: SshdOptions = {}): Promise<TestSshd> {
  const sshd = await startSshd(options)
  sshds.push(sshd)
  if (gpus > 0)
    await installFakeNvidiaSmi(
      sshd.home,
      Array.from({ length: gpus }, () => h100),
    )
  return sshd
}

async function session(
  sshd: TestSshd,
  { homeId = 'home-a', trusted }: { homeId?: string; trusted?: readonly string[] } = {},
): Promise<ProviderSession> {
  const places = { home: join(sshd.home, '..', 'no-such-home'), localUser: sshd.user }
  const provider = new HostProvider(new SshHostConnector(memoryPins(), places), 200)
  const settings = storedHostSettings({
    address: `${sshd.user}@127.0.0.1:${sshd.port}`,
    identityFile: sshd.privateKeyPath,
    rateMicrosPerHour: 4_000_000,
    hostKeys: trusted ?? (await sshd.hostKeys()),
  })
  const account = { id: 'acc', providerId: 'host', name: 'lab', credentials: {}, settings }
  return provider.connect(account, {
    clock: { now: () => 1000, sleep: async () => undefined, realMs: (durationMs) => durationMs },
    homeId,
    stateDir: join(sshd.home, '..'),
    environment: {},
    log: () => undefined,
  })
}

async function offersOf(host: ProviderSession): Promise<Offer[]> {
  const offers = await collect(host.offers({}, signal))
  return offers.map((offer) => offerSchema.parse(offer))
}

function request(n: number, offer: Offer): LaunchRequest {
  return {
    rentalId: rentalId(n),
    offer,
    environment: { kind: 'machine' },
    publicKey: 'ssh-ed25519 AAAA',
    endBy: 0,
    diskGiB: 1,
    maxMicrosPerHour: 10_000_000,
  }
}

async function offerOf(host: ProviderSession, count: number): Promise<Offer> {
  const offer = (await offersOf(host)).find(({ gpu }) => gpu?.count === count)
  if (offer === undefined) throw new Error(`no offer of ${count}`)
  return offer
}

describe.skipIf(!sshdAvailable())('own hosts', () => {
  test('a host with four GPUs offers one to four of them at their share of the rate', async () => {
    const sshd = await startHost(4)
    const host = await session(sshd)
    const status = await host.check(signal)
    expect(status).toMatchObject({ ok: true, identity: `${sshd.user}@127.0.0.1:${sshd.port}` })
    expect(status.message).toContain('4 × H100 (80 GiB), 4 free')
    const offers = await offersOf(host)
    expect(offers.map(({ gpu, microsPerHour }) => [gpu?.name, gpu?.count, microsPerHour])).toEqual([
      ['H100', 1, 1_000_000],
      ['H100', 2, 2_000_000],
      ['H100', 3, 3_000_000],
      ['H100', 4, 4_000_000],
    ])
    expect(new Set(offers.map(({ id }) => id)).size).toBe(4)
  })

  test.each(shells)('under %s: take, take again, find, list, release', async (shell) => {
    const sshd = await startHost(4, { shell })
    const host = await session(sshd)
    const two = await offerOf(host, 2)
    const first = await host.launch(request(1, two), signal)
    expect(first).toMatchObject({ state: 'running', gpuIndices: [0, 1], microsPerHour: 2_000_000 })
    expect(first.ssh).toMatchObject({ port: sshd.port, identityFile: sshd.privateKeyPath })
    expect(first.ssh?.hostKeys).toEqual(await sshd.hostKeys())
    expect(await host.launch(request(1, two), signal)).toEqual(first)
    expect(await host.describe(ref(1), signal)).toEqual(first)

    const stranger = await session(sshd, { homeId: 'home-b' })
    const second = await stranger.launch(request(2, await offerOf(stranger, 1)), signal)
    expect(second.gpuIndices).toEqual([2])
    await expect(host.launch(request(3, two), signal)).rejects.toMatchObject({
      code: 'no-capacity',
      message: expect.stringContaining('1 free H100') as string,
    })
    const listed = await collect(host.list(signal))
    expect(
      listed.map((one) => billableSchema.parse(one)).map((one) => [one.rentalId, one.homeId]),
    ).toEqual([
      [rentalId(1), 'home-a'],
      [rentalId(2), 'home-b'],
    ])

    for (const n of [1, 2]) {
      const released = await host.release(ref(n), signal)
      if (released.kind !== 'receipt') throw new Error(released.message)
      receiptSchema.parse(released.receipt)
    }
    await expect(host.describe(ref(1), signal)).rejects.toMatchObject({ code: 'not-found' })
    expect((await host.describe(ref(1, true), signal)).state).toBe('gone')
    expect((await host.release(ref(1), signal)).kind).toBe('receipt')
    expect(await offersOf(host)).toHaveLength(4)
    expect(await collect(host.list(signal))).toEqual([])
  })

  test('of eight launches at once for the same two GPUs exactly two win', async () => {
    const sshd = await startHost(2)
    const sessions = await Promise.all(Array.from({ length: 8 }, async () => await session(sshd)))
    const [one] = sessions
    if (one === undefined) throw new Error('no session')
    const offer = await offerOf(one, 1)
    const outcomes = await Promise.allSettled(
      sessions.map(async (host, n) => await host.launch(request(n, offer), signal)),
    )
    const won = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? (outcome.value.gpuIndices ?? []) : [],
    )
    expect(won.toSorted((a, b) => a - b)).toEqual([0, 1])
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'no-capacity' })
    }
    expect((await offersOf(one)).map(({ availability }) => availability)).toEqual(['none'])
  })

  test('a launch that was cut off half-way is completed, shown, or released', async () => {
    const sshd = await startHost(4)
    const host = await session(sshd)
    const node = execFileSync('uname', ['-n'], { encoding: 'utf8' }).trim()
    const held = join(sshd.home, '.sublet', 'hosts', 'held', node)
    await mkdir(held, { recursive: true })
    execFileSync('ln', ['-s', rentalId(1), join(held, '3')])
    const [halfTaken] = await collect(host.list(signal))
    expect(halfTaken).toMatchObject({ rentalId: rentalId(1), state: 'launching' })
    const launched = await host.launch(request(1, await offerOf(host, 2)), signal)
    expect(launched.gpuIndices).toEqual([3, 0])
    expect((await host.release(ref(1), signal)).kind).toBe('receipt')
    expect(await readdir(held)).toEqual([])
  })

  test('a GPU that somebody else uses is not given away', async () => {
    const sshd = await startHost(2)
    await writeFile(join(sshd.home, 'gpu-apps'), '0 4242\n')
    const host = await session(sshd)
    expect(await offersOf(host)).toHaveLength(1)
    const launched = await host.launch(request(1, await offerOf(host, 1)), signal)
    expect(launched.gpuIndices).toEqual([1])
  })

  test('a machine without GPU takes one rental at a time', async () => {
    const sshd = await startHost(0)
    const host = await session(sshd)
    const [offer] = await offersOf(host)
    if (offer === undefined) throw new Error('no offer')
    expect(offer).toMatchObject({ gpu: null, microsPerHour: 4_000_000, availability: 'available' })
    expect(await host.launch(request(1, offer), signal)).toMatchObject({ gpuIndices: null })
    await expect(host.launch(request(2, offer), signal)).rejects.toMatchObject({
      code: 'no-capacity',
    })
    expect((await offersOf(host))[0]?.availability).toBe('none')
  })
})

/** Starts what a job may leave behind on the host, and returns the processes' numbers by name. */
async function startLeftovers(sshd: TestSshd): Promise<Record<string, number>> {
  const machine = await connectMachine(await sshd.target(), {}, memoryPins())
  try {
    const script = `
mkdir -p .sublet/attempts/att-1/work .sublet/attempts/att-10 .sublet/rentals/${rentalId(1)}
mkdir .sublet/attempts/att-1/work/locked && touch .sublet/attempts/att-1/work/locked/x
chmod 500 .sublet/attempts/att-1/work/locked
echo ${rentalId(1)} >.sublet/attempts/att-1/rental
echo ${rentalId(2)} >.sublet/attempts/att-10/rental
start() { setsid "$@" </dev/null >/dev/null 2>&1 & echo "$!"; }
echo plain=$(SUBLET_RENTAL_ID=${rentalId(1)} start sleep 300)
echo stubborn=$(SUBLET_RENTAL_ID=${rentalId(1)} start sh -c 'trap "" TERM; echo $$ >stubborn; while :; do sleep 1; done')
echo attempt=$(SUBLET_ATTEMPT_ID=att-1 start sleep 301)
echo parent=$(SUBLET_ATTEMPT_ID=att-1 start sh -c 'env -i sleep 302 & echo $! >child; wait')
echo other=$(SUBLET_RENTAL_ID=${rentalId(2)} SUBLET_ATTEMPT_ID=att-10 start sleep 303)
`
    const { stdout } = await machine.exec(script)
    const child = await eventually(
      async () => Number(await readFile(join(sshd.home, 'child'), 'utf8')),
      { what: 'the child' },
    )
    await eventually(async () => Number(await readFile(join(sshd.home, 'stubborn'), 'utf8')))
    const pids = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('='))
    return { ...Object.fromEntries(pids.map(([name, pid]) => [name, Number(pid)])), child }
  } finally {
    machine.close()
  }
}

describe.skipIf(!sshdAvailable())('releasing an own host', () => {
  test.each(shells)(
    'under %s it ends the job’s processes and folders, and only those',
    async (shell) => {
      const sshd = await startHost(1, { shell })
      const host = await session(sshd)
      await host.launch(request(1, await offerOf(host, 1)), signal)
      const { other = 0, ...mine } = await startLeftovers(sshd)
      expect(Object.values(mine).every(isAlive)).toBe(true)
      const released = await host.release(ref(1), signal)
      expect(
        released.kind === 'receipt' ? released.receipt.evidence[0]?.answered : released,
      ).toMatch(/^ended [5-9] processes/)
      expect(Object.entries(mine).filter(([, pid]) => isAlive(pid))).toEqual([])
      expect(isAlive(other)).toBe(true)
      expect(await readdir(join(sshd.home, '.sublet', 'attempts'))).toEqual(['att-10'])
      expect(await readdir(join(sshd.home, '.sublet', 'rentals'))).toEqual([])
      expect(await readdir(join(sshd.home, '.sublet', 'hosts', 'claims'))).toEqual([])
    },
  )

  test.each(shells)(
    'under %s the machine does it by itself, called by the job’s own watchdog',
    async (shell) => {
      const sshd = await startHost(1, { shell })
      const host = await session(sshd)
      await host.launch(request(1, await offerOf(host, 1)), signal)
      const { other = 0, ...mine } = await startLeftovers(sshd)
      const hook = join(sshd.home, 'self-terminate')
      await writeFile(hook, host.selfTerminateCommand?.(ref(1)) ?? '')
      const machine = await connectMachine(await sshd.target(), {}, memoryPins())
      await machine.exec(
        `SUBLET_RENTAL_ID=${rentalId(1)} setsid ${shell} ${hook} </dev/null >/dev/null 2>&1 &`,
      )
      machine.close()
      await eventually(async () => (await collect(host.list(signal))).length === 0, {
        timeoutMs: 30_000,
        everyMs: 200,
      })
      expect(Object.entries(mine).filter(([, pid]) => isAlive(pid))).toEqual([])
      expect(isAlive(other)).toBe(true)
      expect(await readdir(join(sshd.home, '.sublet', 'attempts'))).toEqual(['att-10'])
      await eventually(
        () => processesWithEnvironment(`SUBLET_RENTAL_ID=${rentalId(1)}`).length === 0,
      )
    },
  )

  test('an unreachable host is unknown, never gone; afterwards it is as it was', async () => {
    const sshd = await startHost(1)
    const host = await session(sshd)
    await host.launch(request(1, await offerOf(host, 1)), signal)
    await sshd.pause()
    await expect(host.describe(ref(1, true), signal)).rejects.toMatchObject({ code: 'unreachable' })
    await expect(host.release(ref(1, true), signal)).rejects.toMatchObject({ code: 'unreachable' })
    expect(await host.check(signal)).toMatchObject({ ok: false })
    await sshd.resume()
    expect((await host.describe(ref(1, true), signal)).state).toBe('running')
  })

  test('a changed host key stops everything', async () => {
    const sshd = await startHost(1)
    const trusted = await sshd.hostKeys()
    await sshd.changeHostKeys()
    const host = await session(sshd, { trusted })
    await expect(collect(host.offers({}, signal))).rejects.toMatchObject({
      code: 'host-key',
    })
    expect((await host.check(signal)).message).toContain('SHA256:')
  })
})
