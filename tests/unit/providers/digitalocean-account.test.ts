import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ProviderSession } from '../../../main/providers/provider.ts'
import { digitalOceanProvider } from '../../../main/providers/digitalocean/provider.ts'
import { instanceOf } from '../../../main/providers/digitalocean/instance.ts'
import { wireDropletSchema } from '../../../main/providers/digitalocean/wire.ts'
import { digitalOceanSpec, refusal } from '../../support/clouds/digitalocean-answers.ts'
import { DigitalOceanWorld } from '../../support/clouds/digitalocean-world.ts'
import { wireDroplet } from '../../support/clouds/digitalocean-shapes.ts'
import { startFakeCloud, type FakeCloud } from '../../support/clouds/fake-cloud.ts'
import { collect } from '../../support/collect.ts'
import { launchRequest, newLoginKey, newRentalId } from '../../support/rent.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

const forever = new AbortController().signal
const launchedAt = Date.parse('2026-05-01T22:30:00Z')
let cloud: FakeCloud<DigitalOceanWorld>
let session: ProviderSession
let clock: ReturnType<typeof steppingClock>

beforeEach(async () => {
  clock = steppingClock(launchedAt)
  cloud = await startFakeCloud(new DigitalOceanWorld(clock), {
    spec: digitalOceanSpec,
  })
  session = digitalOceanProvider({
    baseUrl: `${cloud.url}/v2`,
    sshPort: 22,
    requestTimeoutMs: 2_000,
  }).connect(
    {
      id: 'do-1',
      providerId: 'digitalocean',
      name: 'mine',
      credentials: { token: 'dop_v1_x' },
      settings: {},
    },
    { clock, homeId: 'home', stateDir: '/nowhere', environment: {}, log: () => undefined },
  )
})
afterEach(async () => {
  await cloud.close()
  expect(cloud.described()?.problems ?? []).toEqual([])
})

it('says what the month has cost, and that the account has a credit', async () => {
  expect(await session.check(forever)).toEqual({
    ok: true,
    identity: 'sammy@example.org, team My Team',
    message: 'The token works. Used this month: $11.21.',
    balanceMicros: 38_790_000,
  })
})

it('names every scope that the token lacks', async () => {
  cloud.world.forbidden.add('/volumes')
  cloud.world.forbidden.add('/droplets')
  const status = await session.check(forever)
  expect(status).toMatchObject({ ok: false, code: 'permission' })
  expect(status.message).toContain('lacks droplet:read, block_storage:read')
})

it('does without the right to read bills', async () => {
  cloud.world.forbidden.add('/customers/my/balance')
  const status = await session.check(forever)
  expect(status).toMatchObject({ ok: true, balanceMicros: null })
  expect(status.message).toContain('billing:read')
})

it('sends what a droplet needs for its first start, and takes its key off the account again', async () => {
  const offers = await collect(session.offers({}, forever))
  const mi300x = offers.find(({ machineType }) => machineType === 'gpu-mi300x8-1536gb')
  if (mi300x === undefined) throw new Error('There is no such offer.')
  const request = {
    ...launchRequest(mi300x, newLoginKey().publicKey, launchedAt, {}),
    userData: '#!/bin/sh\ntrue\n',
    hostKey: { privateKey: 'PRIVATE', publicKey: 'PUBLIC' },
  }
  const { instanceId } = await session.launch(request, forever)
  const [machine] = cloud.world.machines.listed()
  expect(machine?.facts).toMatchObject({
    image: 'gpu-amd-base',
    keys: [cloud.world.keys.all[0]?.id],
    tags: ['sublet', 'sublet-home:home'],
  })
  expect(machine?.facts.userData).toContain('"ed25519_private": "PRIVATE"')
  expect(machine?.facts.userData).toContain('"root"')
  const rental = { rentalId: request.rentalId, instanceId, launchedAt, seen: true, region: 'atl1' }
  expect((await session.release(rental, forever)).kind).toBe('receipt')
  expect(cloud.world.keys.all).toEqual([])
})

it('adds up what the nightly books say of one droplet, and knows when they are settled', async () => {
  const [offer] = await collect(session.offers({}, forever))
  if (offer === undefined) throw new Error('There is no offer.')
  const rentalId = newRentalId()
  const endedAt = Date.parse('2026-05-02T01:30:00Z')
  const rental = {
    rentalId,
    instanceId: '1',
    launchedAt,
    endedAt,
    offer,
    seen: true,
    region: 'tor1',
  }
  await clock.sleep(endedAt + 3_600_000 - clock.now(), forever)
  expect(await session.usage?.(rental, forever)).toBeNull()
  const { booked } = cloud.world
  booked.push({ day: '2026-05-01', droplet: rentalId, usd: '1.14' })
  booked.push({ day: '2026-05-01', droplet: newRentalId(), usd: '50.00' })
  booked.push({ day: '2026-05-02', droplet: rentalId, usd: '1.1400005' })
  const first = await session.usage?.(rental, forever)
  expect(first).toMatchObject({ micros: 2_280_001, final: false })
  expect(first?.evidence).toHaveLength(2)
  await clock.sleep(4 * 86_400_000, forever)
  expect(await session.usage?.(rental, forever)).toMatchObject({ micros: 2_280_001, final: true })
})

it('waits for as long as a limit without Retry-After still lasts', async () => {
  const endsAt = Math.floor(clock.now() / 1_000) + 90
  const headers = { 'ratelimit-reset': String(endsAt) }
  cloud.world.refusal = (kind) => ({ ...refusal(kind), headers })
  cloud.misbehave({ kind: 'rate-limit', operation: 'list', retryAfterMs: null })
  const error = await collect(session.list(forever)).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'rate-limited' })
  const { retryAfterMs } = (error as { extras: { retryAfterMs: number } }).extras
  expect(retryAfterMs).toBeGreaterThan(80_000)
  expect(retryAfterMs).toBeLessThanOrEqual(90_000)
})

it('calls a droplet that is switched off failed, as it costs what it did', () => {
  const droplet = wireDroplet({
    id: 7,
    name: newRentalId(),
    slug: 'gpu-h100x1-80gb',
    region: 'tor1',
    tags: [],
    createdAt: launchedAt,
    status: 'active',
    address: '203.0.113.1',
  })
  const off = wireDropletSchema.parse({ ...droplet, status: 'off' })
  expect(instanceOf(newRentalId(), off, { sshPort: 22 })).toMatchObject({
    state: 'failed',
    ssh: null,
    billedFrom: launchedAt,
  })
})

it('lists every page, and droplets of both kinds once', async () => {
  for (let count = 0; count < 205; count += 1)
    cloud.world.plant({ kind: 'machine', name: `m${count}` })
  cloud.world.plant({ kind: 'disk', name: 'd' })
  const rows = await collect(session.list(forever))
  expect(rows).toHaveLength(206)
  expect(new Set(rows.map(({ nativeId }) => nativeId)).size).toBe(206)
  // $0.10 a GiB and month of 672 hours.
  expect(rows.find(({ kind }) => kind === 'disk')?.microsPerHour).toBe(14_881)
})
