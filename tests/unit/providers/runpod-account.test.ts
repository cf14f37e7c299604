import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Offer } from '../../../preload/contract/offer.ts'
import type { LaunchRequest, ProviderSession } from '../../../main/providers/provider.ts'
import { runpodProvider } from '../../../main/providers/runpod/provider.ts'
import { startFakeCloud, type FakeCloud } from '../../support/clouds/fake-cloud.ts'
import { runpodSpec } from '../../support/clouds/runpod-spec.ts'
import { RunpodWorld } from '../../support/clouds/runpod-world.ts'
import { collect } from '../../support/collect.ts'
import { launchRequest, newRentalId } from '../../support/rent.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

const forever = new AbortController().signal
const launchedAt = Date.parse('2026-11-01T22:30:00Z')
const hourMs = 3_600_000
let cloud: FakeCloud<RunpodWorld>
let session: ProviderSession
let clock: ReturnType<typeof steppingClock>

beforeEach(async () => {
  clock = steppingClock(launchedAt)
  cloud = await startFakeCloud(new RunpodWorld(clock), { spec: runpodSpec })
  const credentials = { apiKey: 'rpa_0123456789' }
  session = runpodProvider({ baseUrl: cloud.url, requestTimeoutMs: 2_000 }).connect(
    { id: 'rp-1', providerId: 'runpod', name: 'mine', credentials, settings: {} },
    { clock, homeId: 'home', stateDir: '/nowhere', environment: {}, log: () => undefined },
  )
})
afterEach(async () => {
  await cloud.close()
  expect(cloud.described()?.problems ?? []).toEqual([])
})

async function offerOf(machineType: string): Promise<Offer> {
  const offers = await collect(session.offers({}, forever))
  const offer = offers.find((one) => one.machineType === machineType)
  if (offer === undefined) throw new Error(`There is no ${machineType}.`)
  return offer
}

async function requestOf(
  machineType: string,
  change: Partial<LaunchRequest> = {},
): Promise<LaunchRequest> {
  return launchRequest(await offerOf(machineType), 'ssh-ed25519 AAAA mine', clock.now(), change)
}

const launched = () => cloud.world.machines.all().at(-1)?.facts

it('says whose account it is, and its credit as long as the older API tells it', async () => {
  expect(await session.check(forever)).toEqual({
    ok: true,
    identity: 'me@example.org',
    message: 'The key works. Its credit is $12.50; a pod needs enough for its first hour.',
    balanceMicros: 12_500_000,
  })
  cloud.world.hasGraphql = false
  expect(await session.check(forever)).toEqual({
    ok: true,
    identity: 'RunPod account of mine',
    message: 'The key works. RunPod did not tell the credit.',
    balanceMicros: null,
  })
})

it('names what a key may not see, and does without the bill', async () => {
  cloud.world.forbidden = ['/v2/network-volumes', '/v2/serverless']
  const status = await session.check(forever)
  expect(status).toMatchObject({ ok: false, code: 'permission' })
  expect(status.message).toContain('may not see network volumes or serverless endpoints')
  cloud.world.forbidden = ['/v2/billing/pods']
  const without = await session.check(forever)
  expect(without).toMatchObject({ ok: true })
  expect(without.message).toContain('may not see the bill')
})

it('asks for the cloud, the place, the image and all that the first start needs', async () => {
  const request = await requestOf('secure/2x NVIDIA GeForce RTX 4090', {
    userData: '#!/bin/sh\ntrue\n',
    hostKey: { privateKey: 'PRIVATE', publicKey: 'PUBLIC' },
    diskGiB: 100,
  })
  await session.launch(request, forever)
  const facts = launched()
  expect(facts).toMatchObject({
    cloud: 'SECURE',
    gpu: { id: 'NVIDIA GeForce RTX 4090', count: 2, minCudaVersion: '12.8' },
    dataCenterIds: ['US-KS-2'],
    image: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404',
    // 100 GiB in units of 10^9 bytes.
    disk: 108,
    ports: ['22/tcp'],
    env: { PUBLIC_KEY: 'ssh-ed25519 AAAA mine', SUBLET_HOME_ID: 'home' },
  })
  const { SUBLET_USER_DATA = '', SUBLET_HOST_KEY = '' } = facts?.env ?? {}
  expect(Buffer.from(SUBLET_USER_DATA, 'base64').toString()).toBe('#!/bin/sh\ntrue\n')
  expect(Buffer.from(SUBLET_HOST_KEY, 'base64').toString()).toBe('PRIVATE')
  // The account's key goes nowhere.
  expect(JSON.stringify(facts)).not.toContain('rpa_')
})

it('leaves the place to RunPod in the community cloud, and the CUDA version to a chosen image', async () => {
  const environment = { kind: 'image', image: 'example/mine:2' } as const
  await session.launch(await requestOf('community/NVIDIA H100 80GB HBM3', { environment }), forever)
  expect(launched()).toMatchObject({
    cloud: 'COMMUNITY',
    gpu: { id: 'NVIDIA H100 80GB HBM3', count: 1 },
    dataCenterIds: [],
    image: 'example/mine:2',
  })
  expect(launched()?.gpu.minCudaVersion).toBeUndefined()
})

it('starts AMD from an image for AMD', async () => {
  await session.launch(await requestOf('secure/AMD Instinct MI300X OAM'), forever)
  expect(launched()?.image).toContain('rocm')
  expect(launched()?.gpu.minCudaVersion).toBeUndefined()
})

it('rents nothing where every host has too old a driver', async () => {
  const request = await requestOf('secure/NVIDIA H100 80GB HBM3')
  expect(request.offer.availability).toBe('unknown')
  await expect(session.launch(request, forever)).rejects.toMatchObject({ code: 'no-capacity' })
})

it('gives a pod back that costs more than its catalogue price, but not for the price of its disk', async () => {
  const request = await requestOf('secure/NVIDIA A40')
  cloud.world.surchargeUsd = 0.007
  await session.launch(request, forever)
  expect(cloud.world.live()).toBe(1)
  cloud.world.surchargeUsd = 0.05
  const dearer = { ...request, rentalId: newRentalId() }
  await expect(session.launch(dearer, forever)).rejects.toMatchObject({ code: 'price-moved' })
  expect(cloud.world.live()).toBe(1)
  cloud.misbehave({ kind: 'permission', operation: 'release' })
  const stuck = { ...request, rentalId: newRentalId() }
  // Not a refusal: the pod is there, and has to be looked for.
  await expect(session.launch(stuck, forever)).rejects.toMatchObject({ code: 'unavailable' })
  expect(cloud.world.live()).toBe(2)
})

it('lists what is billed beside pods: volumes, and endpoints that keep workers', async () => {
  cloud.world.plant({ kind: 'disk', name: 'weights' })
  cloud.world.keptWorkers = 2
  const rows = await collect(session.list(forever))
  expect(rows).toMatchObject([
    // 100 GB at $0.07 a month.
    { kind: 'disk', name: 'weights', microsPerHour: 9_589 },
    { kind: 'other', state: '2 serverless workers are kept', microsPerHour: null },
  ])
})

it('reads the books of one pod by the hour, and knows when they are closed', async () => {
  const request = await requestOf('secure/NVIDIA A40')
  const { instanceId } = await session.launch(request, forever)
  const { rentalId, offer } = request
  const started = clock.now()
  await clock.sleep(2 * hourMs)
  const ref = { rentalId, instanceId, launchedAt, seen: true, region: offer.region }
  expect((await session.release(ref, forever)).kind).toBe('receipt')
  const ended = { ...ref, offer, endedAt: clock.now() }
  const used = await session.usage?.(ended, forever)
  const hours = (ended.endedAt - started) / hourMs
  expect(Math.abs((used?.micros ?? 0) - 440_000 * hours)).toBeLessThan(1_000)
  expect(used).toMatchObject({ final: false })
  expect(used?.evidence).toMatchObject([
    { answered: expect.stringMatching(/^\$0\.88 in 3 hours$/) },
  ])
  await clock.sleep(4 * hourMs)
  expect(await session.usage?.(ended, forever)).toMatchObject({ micros: used?.micros, final: true })
  const other = { ...ended, instanceId: 'another' }
  expect(await session.usage?.(other, forever)).toBeNull()
})
