import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Offer } from '../../preload/contract/offer.ts'
import type { EndedRental, ProviderSession, RentalRef } from '../../main/providers/provider.ts'
import { vastProvider } from '../../main/providers/vast/provider.ts'
import { startFakeCloud, type FakeCloud } from '../support/clouds/fake-cloud.ts'
import { oneHost } from '../support/clouds/vast-asks.ts'
import { vastSpec } from '../support/clouds/vast-spec.ts'
import { VastWorld } from '../support/clouds/vast-world.ts'
import { collect } from '../support/collect.ts'
import { launchRequest, newLoginKey } from '../support/rent.ts'
import { steppingClock } from '../support/stepping-clock.ts'

// What is particular to a marketplace of hosts, beside the conformance suite.

const forever = new AbortController().signal
const { publicKey } = newLoginKey()
const clock = steppingClock(Date.UTC(2026, 9, 2, 12))
let cloud: FakeCloud<VastWorld>
let session: ProviderSession

beforeAll(async () => {
  cloud = await startFakeCloud(new VastWorld(clock), { spec: vastSpec })
  const credentials = { apiKey: 'canary0123456789abcdef0123456789abcdef' }
  const account = { id: 'a', providerId: 'vast', name: 'mine', credentials, settings: {} }
  const context = { clock, homeId: 'h', stateDir: '', environment: {}, log: () => undefined }
  session = vastProvider({ baseUrl: cloud.url, requestTimeoutMs: 2_000 }).connect(account, context)
})

afterEach(() => {
  for (const machine of cloud.world.machines.all()) cloud.world.machines.end(machine)
})

afterAll(async () => {
  expect(cloud.described()?.problems ?? []).toEqual([])
  await cloud.close()
})

const lastMachine = () => cloud.world.machines.all().at(-1)?.facts
const offersNow = () => collect(session.offers({}, forever))

async function usageOf(rental: EndedRental) {
  if (session.usage === undefined) throw new Error('It tells no usage.')
  return session.usage(rental, forever)
}

async function offer(spot = false, machineType = '1x-rtx-4090-m1001'): Promise<Offer> {
  const found = (await offersNow()).find(
    (one) => one.machineType === machineType && one.spot === spot,
  )
  if (found === undefined) throw new Error('The machine is not offered.')
  return found
}

async function rent(spot = false) {
  const request = launchRequest(await offer(spot), publicKey, clock.now())
  const { instanceId } = await session.launch(request, forever)
  const { rentalId } = request
  const rental: RentalRef = {
    rentalId,
    instanceId,
    launchedAt: clock.now(),
    seen: true,
    region: request.offer.region,
  }
  await clock.sleep(60_000)
  return { request, rental }
}

it('offers each machine that a job can be given to, and none of the others', async () => {
  const types = (await offersNow()).map(({ machineType, spot }) => `${machineType} ${spot}`)
  expect(types.toSorted()).toEqual([
    '1x-a100-sxm4-m1003 false',
    '1x-rtx-3090-m1002 false',
    '1x-rtx-3090-m1002 true',
    '1x-rtx-4090-m1001 false',
    '1x-rtx-4090-m1001 true',
    '1x-rtx-6000ada-m1005 false',
    '1x-tesla-t4-m1006 false',
    '1x-tesla-t4-m1006 true',
    '2x-rtx-4090-m1001 false',
    '2x-rtx-4090-m1001 true',
    '8x-h100-sxm-m1004 false',
    '8x-h100-sxm-m1004 true',
  ])
})

it('reaches a machine at its host’s port as root, and lets only the rental’s key in', async () => {
  const { rental } = await rent()
  expect((await session.describe(rental, forever)).ssh).toEqual({
    host: '127.0.0.1',
    port: 40_022,
    user: 'root',
    hostKeys: [],
  })
  expect(lastMachine()?.keys).toEqual([publicKey])
  expect(lastMachine()?.image).toBe('vastai/base-image:@vastai-automatic-tag')
})

it('starts a machine from the image that was asked for', async () => {
  const environment = { kind: 'image', image: 'pytorch/pytorch:2.9.0' } as const
  const request = launchRequest(await offer(), publicKey, clock.now(), { environment })
  await session.launch(request, forever)
  expect(lastMachine()?.image).toBe('pytorch/pytorch:2.9.0')
})

it('takes a machine whose ask has another id by now', async () => {
  const old = await offer()
  const other = await offer(false, '1x-rtx-3090-m1002')
  await session.launch(launchRequest(other, publicKey, clock.now()), forever)
  await session.launch(launchRequest(old, publicKey, clock.now()), forever)
  expect(cloud.world.live()).toBe(2)
})

it('says that a machine is taken when somebody else was faster', async () => {
  const seen = await offer()
  await session.launch(launchRequest(seen, publicKey, clock.now()), forever)
  const late = launchRequest(seen, publicKey, clock.now())
  await expect(session.launch(late, forever)).rejects.toMatchObject({ code: 'no-capacity' })
})

it('takes no machine that its host wants back before the rental ends', async () => {
  const seen = await offer()
  const endBy = clock.now() + 40 * 86_400_000
  const request = launchRequest(seen, publicKey, clock.now(), { endBy })
  await expect(session.launch(request, forever)).rejects.toMatchObject({ code: 'no-capacity' })
  expect(cloud.world.live()).toBe(0)
})

it('bids what was shown', async () => {
  const { request } = await rent(true)
  expect(request.offer.microsPerHour).toBe(160_001)
  expect(lastMachine()?.bid).toBe(0.160001)
})

it('leaves nothing of a launch that was refused and made a machine all the same', async () => {
  cloud.world.leavesMachine = true
  const before = cloud.world.machines.all().length
  const request = launchRequest(await offer(true), publicKey, clock.now())
  await expect(session.launch(request, forever)).rejects.toMatchObject({ code: 'price-moved' })
  expect(cloud.world.machines.all()).toHaveLength(before + 1)
  expect(cloud.world.live()).toBe(0)
})

it('calls a machine gone that was outbid, and lists and ends the disk that is left of it', async () => {
  const { rental } = await rent(true)
  cloud.world.outbid(rental.rentalId)
  expect(await session.describe(rental, forever)).toMatchObject({
    state: 'gone',
    message: 'Vast.ai has paused the machine for a higher bid; its disk is billed on.',
  })
  const rows = await collect(session.list(forever))
  expect(rows).toMatchObject([
    { kind: 'disk', rentalId: rental.rentalId, belongsTo: rental.instanceId, state: 'stopped' },
  ])
  expect(Number(rows[0]?.microsPerHour)).toBeLessThan(12_000)
  expect((await session.release(rental, forever)).kind).toBe('receipt')
  expect(cloud.world.live()).toBe(0)
})

it('goes on where the search gives fewer rows than there are', async () => {
  const { hosts } = cloud.world
  cloud.world.hosts = Array.from({ length: 200 }, (_, index) => ({
    ...oneHost,
    machineId: 5_000 + index,
    base: 0.3 + Math.floor(index / 2) / 1_000,
    minBid: null,
  }))
  cloud.world.mostRows = 64
  const offers = await offersNow()
  Object.assign(cloud.world, { hosts, mostRows: Infinity })
  expect(offers).toHaveLength(200)
})

it('lists more machines than one page holds', async () => {
  for (let count = 1; count <= 27; count += 1)
    cloud.world.plant({ kind: 'machine', name: `of-others-${count}` })
  const names = (await collect(session.list(forever))).map(({ name }) => name)
  expect(new Set(names).size).toBe(27)
})

it('tells what the books say, and when they are final', async () => {
  const { request, rental } = await rent()
  await clock.sleep(3_600_000)
  await session.release(rental, forever)
  const ended = { ...rental, offer: request.offer, endedAt: clock.now() }
  const usage = await usageOf(ended)
  expect(usage).toMatchObject({ final: false })
  expect(Number(usage?.micros)).toBeGreaterThan(334_000)
  expect(usage?.to).toBeGreaterThan(Number(usage?.from))
  await clock.sleep(2 * 86_400_000)
  expect(await usageOf(ended)).toMatchObject({ final: true })
  expect(await usageOf({ ...ended, instanceId: '1' })).toBeNull()
})
