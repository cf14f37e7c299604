import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Offer } from '../../../preload/contract/offer.ts'
import type { ProviderSession } from '../../../main/providers/provider.ts'
import { paperspaceProvider } from '../../../main/providers/paperspace/provider.ts'
import { startScript } from '../../../main/providers/paperspace/start-script.ts'
import { startFakeCloud, type FakeCloud } from '../../support/clouds/fake-cloud.ts'
import { paperspaceSpec } from '../../support/clouds/paperspace-shapes.ts'
import { PaperspaceWorld } from '../../support/clouds/paperspace-world.ts'
import { collect } from '../../support/collect.ts'
import { launchRequest, newLoginKey } from '../../support/rent.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

const forever = new AbortController().signal
let cloud: FakeCloud<PaperspaceWorld>
let session: ProviderSession
let clock: ReturnType<typeof steppingClock>

beforeEach(async () => {
  clock = steppingClock(Date.parse('2026-05-01T22:30:00Z'))
  cloud = await startFakeCloud(new PaperspaceWorld(clock), {
    spec: { ...paperspaceSpec, prefix: '/v1' },
  })
  session = paperspaceProvider({
    baseUrl: `${cloud.url}/v1`,
    sshPort: 22,
    requestTimeoutMs: 2_000,
  }).connect(
    {
      id: 'ps-1',
      providerId: 'paperspace',
      name: 'mine',
      credentials: { apiKey: 'x' },
      settings: {},
    },
    { clock, homeId: 'home', stateDir: '/nowhere', environment: {}, log: () => undefined },
  )
})
afterEach(async () => {
  await cloud.close()
  expect(cloud.described()?.problems ?? []).toEqual([])
})

async function offerOf(machineType: string, region: string): Promise<Offer> {
  const offers = await collect(session.offers({ machineType }, forever))
  const found = offers.find((offer) => offer.region === region)
  if (found === undefined) throw new Error(`There is no ${machineType} in ${region}.`)
  return found
}

async function rent() {
  const offer = await offerOf('A4000', 'ny2')
  const request = launchRequest(offer, newLoginKey().publicKey, clock.now())
  const { instanceId } = await session.launch(request, forever)
  const launchedAt = clock.now()
  const rental = { rentalId: request.rentalId, instanceId, launchedAt, seen: true, region: 'ny2' }
  await clock.sleep(5_000, forever)
  return { request, rental }
}

it('asks what is to be had only where a type is chosen', async () => {
  expect((await offerOf('A4000', 'ca1')).availability).toBe('none')
  expect((await offerOf('A4000', 'ny2')).availability).toBe('available')
  const all = await collect(session.offers({}, forever))
  expect(new Set(all.map(({ availability }) => availability))).toEqual(new Set(['unknown']))
})

it('leaves out types that no template with drivers starts', async () => {
  const types = new Set((await collect(session.offers({}, forever))).map((one) => one.machineType))
  // An older edition of the template still has the H100; processors alone are not offered.
  expect([...types].toSorted()).toEqual(['A100-80G', 'A4000', 'A4000x2', 'GPU+', 'H100'])
})

it('makes nothing where the type is gone meanwhile', async () => {
  const offer = await offerOf('A4000', 'ca1')
  const request = launchRequest(offer, newLoginKey().publicKey, clock.now())
  await expect(session.launch(request, forever)).rejects.toMatchObject({ code: 'no-capacity' })
  expect(cloud.world.scripts).toEqual([])
})

it('starts the newest template with the rental’s key, and takes its script away again', async () => {
  const { request, rental } = await rent()
  const [machine] = cloud.world.machines.listed()
  const [script] = cloud.world.scripts
  expect(machine?.facts).toMatchObject({
    templateId: 'tvimtol9',
    scriptId: script?.id,
    diskSize: 100,
  })
  expect(script?.script).toContain(request.publicKey)
  expect((await session.release(rental, forever)).kind).toBe('receipt')
  expect(cloud.world.scripts).toEqual([])
})

it('switches a machine off first where it cannot be deleted while it is on', async () => {
  cloud.world.insistsOnOff = true
  const { rental } = await rent()
  expect(await session.release(rental, forever)).toMatchObject({ kind: 'pending' })
  expect(await session.release(rental, forever)).toMatchObject({ kind: 'receipt' })
  expect(cloud.world.live()).toBe(0)
})

it('takes a machine that is off for failed, but not while it is new', async () => {
  const { rental } = await rent()
  await fetch(`${cloud.url}/v1/machines/${rental.instanceId}/stop`, {
    method: 'PATCH',
    headers: { authorization: 'Bearer x' },
  })
  expect((await session.describe(rental, forever)).state).toBe('pending')
  await clock.sleep(11 * 60_000, forever)
  expect(await session.describe(rental, forever)).toMatchObject({
    state: 'failed',
    message: 'The machine is switched off, and Paperspace bills it on.',
  })
})

it('says of an empty session that the key is refused', async () => {
  cloud.world.signedIn = false
  expect(await session.check(forever)).toMatchObject({ ok: false, code: 'auth' })
})

it('writes a start script that every shell reads, whatever stands in it', () => {
  const script = startScript("ssh-ed25519 AAAA it's me", '#!/bin/sh\necho \'a\' "$b"\n')
  execFileSync('sh', ['-n'], { input: script })
  expect(script).toContain(`'ssh-ed25519 AAAA it'\\''s me'`)
})

it('lists every page', async () => {
  for (let count = 0; count < 125; count += 1)
    cloud.world.plant({ kind: 'machine', name: `m${count}` })
  expect(await collect(session.list(forever))).toHaveLength(125)
})

it('gives a machine back that costs more than the limit by its own word', async () => {
  const offer = await offerOf('A4000', 'ny2')
  const request = launchRequest(offer, newLoginKey().publicKey, clock.now())
  cloud.world.usageRate = 0.9
  cloud.world.insistsOnOff = true
  // It has to be switched off first: until it is gone, nothing counts as refused.
  await expect(session.launch(request, forever)).rejects.toMatchObject({ code: 'unavailable' })
  await clock.sleep(5_000, forever)
  await expect(session.launch(request, forever)).rejects.toMatchObject({ code: 'price-moved' })
  expect(cloud.world.live()).toBe(0)
  // From then on that is the price.
  const learned = await offerOf('A4000', 'ny2')
  expect(learned).toMatchObject({ microsPerHour: 904_500, source: 'live' })
})
