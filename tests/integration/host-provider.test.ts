import { execFileSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { billableSchema, receiptSchema } from '../../preload/contract/rental.ts'
import { collect } from '../support/collect.ts'
import {
  offerOf,
  offersOf,
  ref,
  rentalId,
  request,
  session,
  shells,
  signal,
  startHost,
} from '../support/host-rig.ts'
import { sshdAvailable, type SshdOptions, type TestSshd } from '../support/sshd.ts'

const sshds: TestSshd[] = []
afterEach(async () => {
  for (const sshd of sshds.splice(0)) await sshd.stop()
})
async function freshHost(gpus: number, options: SshdOptions = {}): Promise<TestSshd> {
  const sshd = await startHost(gpus, options)
  sshds.push(sshd)
  return sshd
}

describe.skipIf(!sshdAvailable())('own hosts', () => {
  test('a host with four GPUs offers one to four of them at their share of the rate', async () => {
    const sshd = await freshHost(4)
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
    const sshd = await freshHost(4, { shell })
    const host = await session(sshd)
    const two = await offerOf(host, 2)
    const first = await host.launch(request(1, two), signal)
    expect(first).toMatchObject({ state: 'running', gpuIndices: [0, 1], microsPerHour: 2_000_000 })
    // A host's clock may be hours off: money is never counted by it.
    expect(first.billedFrom).toBeNull()
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
    const sshd = await freshHost(2)
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
    const sshd = await freshHost(4)
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
    const sshd = await freshHost(2)
    await writeFile(join(sshd.home, 'gpu-apps'), '0 4242\n')
    const host = await session(sshd)
    expect(await offersOf(host)).toHaveLength(1)
    const launched = await host.launch(request(1, await offerOf(host, 1)), signal)
    expect(launched.gpuIndices).toEqual([1])
  })

  test('a machine without GPU takes one rental at a time', async () => {
    const sshd = await freshHost(0)
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
