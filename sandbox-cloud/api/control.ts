import { z } from 'zod'
import type { Cloud } from '../cloud.ts'
import { extraKinds, type Extras } from '../extras.ts'
import { operations } from '../faults.ts'
import type { Effect, Faults } from '../faults.ts'
import { newHostKey } from '../host-key.ts'
import type { Lifecycle } from '../lifecycle.ts'
import type { MachineHost } from '../machine/host.ts'
import type { Machines } from '../machines.ts'
import type { PriceList } from '../offers.ts'
import type { SandboxClock } from '../clock.ts'
import { isLive } from '../records.ts'
import type { MachineRecord } from '../records.ts'
import { notFound } from './errors.ts'
import { networkRoutes, type MachineRoute } from './control-network.ts'
import type { Route } from './http.ts'
import { launchSchema } from './routes.ts'
import { billableViews, machineView } from './views.ts'

const when = z.enum(['before', 'after'])
const ms = z.number().nonnegative()
const effectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('latency'), ms }),
  z.object({
    kind: z.literal('error'),
    when,
    status: z.int().optional(),
    code: z.string().optional(),
    message: z.string().optional(),
  }),
  z.object({ kind: z.literal('timeout'), when }),
  z.object({ kind: z.literal('disconnect'), when }),
  z.object({ kind: z.literal('rate-limit'), retryAfterMs: ms.nullable().default(null) }),
  z.object({
    kind: z.literal('captive-portal'),
    status: z.union([z.literal(200), z.literal(302)]),
  }),
  ...(['garbage', 'no-capacity', 'quota', 'permission', 'bad-key', 'price-moved'] as const).map(
    (kind) => z.object({ kind: z.literal(kind) }),
  ),
  ...(['invisible', 'lingering', 'slow-release', 'slow-boot'] as const).map((kind) =>
    z.object({ kind: z.literal(kind), ms }),
  ),
  ...(
    [
      'leftover-disk',
      'leftover-address',
      'leftover-spot-request',
      'never-boots',
      'boot-fails',
      'expiry-disabled',
      'wrong-published-key',
    ] as const
  ).map((kind) => z.object({ kind: z.literal(kind) })),
])
const faultSchema = z.object({
  effect: effectSchema,
  operation: z.enum(operations).optional(),
  type: z.string().optional(),
  remaining: z.int().positive().nullable().default(1),
})
const extraSchema = z.object({
  kind: z.enum(extraKinds),
  name: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
  region: z.string().default('us-east'),
  machineId: z.string().nullable().default(null),
  microsPerHour: z.int().nonnegative().nullable(),
})
const change = { type: z.string(), region: z.string().optional(), spot: z.boolean().optional() }
const priceSchema = z.object({ ...change, microsPerHour: z.int().nonnegative() }).nullable()
const capacitySchema = z.object({ ...change, count: z.int().nonnegative() }).nullable()

/** The way to make the sandbox misbehave. Same token, no faults of its own. */
export function controlRoutes(parts: {
  readonly faults: Faults
  readonly cloud: Cloud
  readonly extras: Extras
  readonly machines: Machines
  readonly host: MachineHost
  readonly prices: PriceList
  readonly lifecycle: Lifecycle
  readonly clock: SandboxClock
  readonly setAccount: (account: {
    readonly quota?: number | undefined
    readonly balanceMicros?: number | undefined
  }) => void
}): readonly Route[] {
  const { cloud, extras, faults, machines, host, prices, lifecycle, clock } = parts
  const machineOf = (parameters: readonly string[]): MachineRecord => {
    const wanted = parameters[0] ?? ''
    const record = machines.byId(wanted) ?? machines.byName(wanted)
    if (record === undefined) throw notFound(`machine ${wanted}`)
    return record
  }
  const machineRoute: MachineRoute = (action, handle) => ({
    method: 'POST',
    path: new RegExp(`^/control/machines/([^/]+)/${action}$`),
    operation: null,
    handle: async ({ parameters, body }) =>
      (await handle(machineOf(parameters), body)) ?? { done: true },
  })
  const plain = (method: Route['method'], path: RegExp, handle: Route['handle']): Route => ({
    method,
    path,
    operation: null,
    handle,
  })

  return [
    plain('GET', /^\/control\/faults$/, () => faults.all()),
    plain('POST', /^\/control\/faults$/, ({ body }) => {
      const { effect, operation, type, remaining } = faultSchema.parse(body)
      return faults.add({
        effect: effect as Effect,
        remaining,
        ...(operation === undefined ? {} : { operation }),
        ...(type === undefined ? {} : { type }),
      })
    }),
    plain('DELETE', /^\/control\/faults(?:\/(\d+))?$/, ({ parameters }) => {
      faults.clear(
        parameters[0] === undefined || parameters[0] === '' ? undefined : Number(parameters[0]),
      )
      return faults.all()
    }),
    plain('GET', /^\/control\/machines$/, () =>
      machines.all().map((record) => machineView(record, machines.bill(record, clock.now()))),
    ),
    // What Sublet did not make, or made twice: machines of any name and tags, and things without one.
    plain('POST', /^\/control\/machines$/, ({ body }) => {
      const record = cloud.launch(launchSchema.parse(body), { again: true })
      return machineView(record, machines.bill(record, clock.now()))
    }),
    plain('POST', /^\/control\/extras$/, ({ body }) =>
      extras.add({ ...extraSchema.parse(body), createdAt: clock.now() }),
    ),
    // What costs money, however long the customer's own list hides it.
    plain('GET', /^\/control\/billables$/, () =>
      billableViews(
        machines.all().filter((record) => isLive(record) || record.diskLeft),
        extras.live(),
      ),
    ),
    plain('POST', /^\/control\/prices$/, ({ body }) => {
      const wish = priceSchema.parse(body)
      prices.setPrice(wish === null ? null : { ...wish, value: wish.microsPerHour })
    }),
    plain('POST', /^\/control\/capacity$/, ({ body }) => {
      const wish = capacitySchema.parse(body)
      prices.setCapacity(wish === null ? null : { ...wish, value: wish.count })
    }),
    plain('POST', /^\/control\/catalogue$/, ({ body }) =>
      prices.setSize(z.object({ size: z.int().nonnegative().max(200_000) }).parse(body).size),
    ),
    plain('POST', /^\/control\/account$/, ({ body }) =>
      parts.setAccount(
        z.object({ quota: z.int().optional(), balanceMicros: z.int().optional() }).parse(body),
      ),
    ),
    machineRoute('reclaim', (record, body) => {
      const { noticeMs } = z.object({ noticeMs: ms.default(0) }).parse(body ?? {})
      machines.update(record.id, { reclaimAt: clock.now() + noticeMs })
      lifecycle.schedule()
    }),
    machineRoute('revive', (record) => lifecycle.revive(record.id)),
    machineRoute('vanish', (record) => lifecycle.end(record.id, clock.now(), 'The machine died.')),
    machineRoute('host-key', (record, body) => {
      const { publish } = z.object({ publish: z.boolean().default(false) }).parse(body ?? {})
      const key = newHostKey()
      host.changeHostKey(record.id, key.privateKey)
      host.network(record.id)?.dropAll()
      machines.update(record.id, {
        hostKeyPrivate: key.privateKey,
        ...(publish ? { hostKeyPublic: key.publicKey } : {}),
      })
    }),
    ...networkRoutes({ host, machines, machineRoute }),
    machineRoute('disk', (record, body) => {
      host.limitDisk(
        record.id,
        z.object({ bytesLeft: z.int().nonnegative().nullable() }).parse(body).bytesLeft,
      )
    }),
  ]
}
