import { z } from 'zod'
import type { Cloud } from '../cloud.ts'
import type { SandboxClock } from '../clock.ts'
import type { ExtraKind } from '../extras.ts'
import type { Operation } from '../faults.ts'
import type { Machines } from '../machines.ts'
import type { MachineRecord } from '../records.ts'
import type { Route } from './http.ts'
import { ApiError } from './errors.ts'
import { billableViews, machineView, page } from './views.ts'

export const launchSchema = z.object({
  name: z.string().min(1).max(200),
  type: z.string(),
  region: z.string(),
  spot: z.boolean().default(false),
  publicKey: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
  diskGiB: z.number().positive().nullable().default(null),
  maxMicrosPerHour: z.int().nonnegative().nullable().default(null),
  expiresAt: z.int().nullable().default(null),
  image: z.string().min(1).nullable().default(null),
  userData: z
    .string()
    .max(64 * 1024)
    .nullable()
    .default(null),
})
const expirySchema = z.object({ expiresAt: z.int().nullable() })
const stopSchema = z.object({ force: z.boolean().default(false) }).nullable()

const pageSize = 100
const largestPage = 2_000
const machinePath = (rest = ''): RegExp => new RegExp(`^/v1/machines/([^/]+)${rest}$`)

/** The customer's API. */
export function cloudRoutes(parts: {
  readonly cloud: Cloud
  readonly machines: Machines
  readonly clock: SandboxClock
  readonly balanceMicros: () => number
  readonly stop: () => void
}): readonly Route[] {
  const { cloud, machines, clock } = parts
  const first = (parameters: readonly string[]): string => parameters[0] ?? ''
  const view = (record: MachineRecord) => machineView(record, machines.bill(record, clock.now()))
  const extraRoute = (kind: ExtraKind, folder: string, operation: Operation): Route => ({
    method: 'DELETE',
    path: new RegExp(`^/v1/${folder}/([^/]+)$`),
    operation,
    handle: ({ parameters }) => {
      cloud.releaseExtra(kind, first(parameters))
      return { deleted: first(parameters) }
    },
  })
  return [
    {
      method: 'GET',
      path: /^\/v1\/account$/,
      operation: 'account',
      handle: () => ({
        identity: 'sandbox (simulated)',
        balanceMicros: parts.balanceMicros() - machines.summary(clock.now()).billedMicros,
        now: clock.now(),
      }),
    },
    {
      method: 'GET',
      path: /^\/v1\/offers$/,
      operation: 'offers',
      handle: ({ query }) => ({
        ...page(cloud.offers(), query.get('cursor'), wantedPage(query.get('limit'))),
        now: clock.now(),
      }),
    },
    {
      method: 'POST',
      path: /^\/v1\/machines$/,
      operation: 'launch',
      handle: ({ body }) => view(cloud.launch(launchSchema.parse(body))),
    },
    {
      method: 'GET',
      path: machinePath(),
      operation: 'describe',
      handle: ({ parameters }) => view(cloud.describe(first(parameters))),
    },
    {
      method: 'DELETE',
      path: machinePath(),
      operation: 'release',
      handle: async ({ parameters }) => view(await cloud.release(first(parameters))),
    },
    {
      method: 'GET',
      path: machinePath('/expiry'),
      operation: 'expiry-read',
      handle: ({ parameters }) => ({ expiresAt: cloud.describe(first(parameters)).expiresAt }),
    },
    {
      method: 'PUT',
      path: machinePath('/expiry'),
      operation: 'expiry-set',
      handle: ({ parameters, body }) => ({
        expiresAt: cloud.setExpiry(first(parameters), expirySchema.parse(body).expiresAt).expiresAt,
      }),
    },
    {
      method: 'GET',
      path: /^\/v1\/billables$/,
      operation: 'list',
      handle: ({ query }) =>
        page(billableViews(cloud.listed(), cloud.extras()), query.get('cursor'), pageSize),
    },
    extraRoute('disk', 'disks', 'release-disk'),
    extraRoute('address', 'addresses', 'release-extra'),
    extraRoute('spot-request', 'spot-requests', 'release-extra'),
    {
      method: 'GET',
      path: /^\/v1\/status$/,
      operation: 'status',
      handle: () => machines.summary(clock.now()),
    },
    {
      method: 'POST',
      path: /^\/v1\/stop$/,
      operation: null,
      handle: async ({ body }) => {
        const live = machines.live()
        if (live.length > 0 && stopSchema.parse(body)?.force !== true) {
          throw new ApiError(
            409,
            'BUSY',
            `The sandbox still has ${live.length} machine(s); release them first.`,
          )
        }
        await Promise.all(live.map(({ id }) => cloud.release(id)))
        parts.stop()
        return machines.summary(clock.now())
      },
    },
  ]
}

function wantedPage(limit: string | null): number {
  const wanted = Math.floor(Number(limit ?? pageSize))
  return wanted >= 1 ? Math.min(wanted, largestPage) : pageSize
}
