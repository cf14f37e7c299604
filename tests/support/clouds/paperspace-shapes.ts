import { randomBytes } from 'node:crypto'
import type { FakeAnswer, RefusalKind } from './fake-server.ts'

// Shapes: "Paperspace OpenAPI v1" of 2024-08. Prices: the page of 2025-11.

const left = 'The shared file is the part of the description that begins with machines.'

/** What the exchanges are held against. */
export const paperspaceSpec = {
  file: 'paperspace-openapi-v1-machines-only.json',
  exceptions: {
    'GET /vN/os-templates is not': left,
    'GET /vN/machine-availability is not': left,
    'GET /vN/machine-events is not': left,
    'GET /vN/startup-scripts is not': left,
    'POST /vN/startup-scripts is not': left,
    'DELETE /vN/startup-scripts': left,
    'GET /vN/shared-drives is not': left,
    'DELETE /vN/shared-drives': left,
    'GET /vN/snapshots is not': left,
    'GET /vN/custom-templates is not': left,
    'GET /vN/private-networks is not': left,
  },
}

const refusals: Readonly<Record<RefusalKind, readonly [number, string, string]>> = {
  'bad-key': [401, 'UNAUTHORIZED', 'Invalid API key'],
  permission: [403, 'FORBIDDEN', 'You do not have the right to do this'],
  quota: [403, 'FORBIDDEN', 'Your team has to request access to this machine type'],
  'no-capacity': [400, 'BAD_REQUEST', 'We are out of capacity for this machine type'],
  'price-moved': [400, 'BAD_REQUEST', 'Invalid input'],
  'rate-limit': [429, 'TOO_MANY_REQUESTS', 'Rate limit exceeded'],
  'server-error': [500, 'INTERNAL_SERVER_ERROR', 'Something went wrong'],
}

/** A refusal in Paperspace's form. */
export function refusal(kind: RefusalKind): FakeAnswer {
  const [status, code, message] = refusals[kind]
  return { status, body: { code, message } }
}

export const missing: FakeAnswer = {
  status: 404,
  body: { code: 'NOT_FOUND', message: 'There is no such thing' },
}
export const ok = (body: unknown): FakeAnswer => ({ status: 200, body })
export const newId = (start: string): string => `${start}${randomBytes(5).toString('hex')}`

/** One page of a list by its cursor: the place of the next row. */
export function paged(rows: readonly unknown[], query: URLSearchParams): FakeAnswer {
  const from = Number(query.get('after') ?? 0)
  const to = from + Number(query.get('limit') ?? 15)
  const hasMore = to < rows.length
  return ok({ hasMore, ...(hasMore ? { nextPage: String(to) } : {}), items: rows.slice(from, to) })
}

const usd = { A4000: 0.76, A4000x2: 1.52, 'A100-80G': 3.18, H100: 5.95, 'GPU+': 0.45, C5: 0.08 }
const types: readonly string[] = Object.keys(usd)

const template = (id: string, name: string, dtCreated: string, not: readonly string[]) => ({
  id,
  name,
  agentType: 'LinuxHeadless',
  operatingSystemLabel: 'Ubuntu 22.04 Server',
  defaultSizeGb: 50,
  availableMachineTypes: types.map((label) => ({
    machineTypeLabel: label,
    isAvailable: !not.includes(label),
  })),
  dtCreated,
})

/** Plain Ubuntu, and two editions of the template that brings drivers. */
export const templates = [
  template('t0nspur5', 'Ubuntu 22.04', '2022-06-01T00:00:00.000Z', []),
  template('tml20abc', 'ML-in-a-Box Ubuntu 20', '2022-01-01T00:00:00.000Z', []),
  template('tvimtol9', 'ML-in-a-Box Ubuntu 22', '2024-01-17T00:00:00.000Z', ['H100', 'GPU+']),
]

export interface MachineRow {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly region: string
  readonly diskSize: number
  readonly state: string
  readonly address: string | null
  readonly createdAt: number
  readonly deletedAt: number | null
}

export function wireMachine(machine: MachineRow) {
  const { id, name, state, region, createdAt, deletedAt } = machine
  return {
    id,
    name,
    state,
    os: 'Ubuntu 22.04',
    machineType: machine.type,
    agentType: 'LinuxHeadless',
    cpus: 8,
    ram: 48_318_382_080,
    storageTotal: machine.diskSize * 1e9,
    storageUsed: 0,
    accelerators: [{ name: 'NVIDIA RTX A4000', memory: 17_179_869_184, count: 1 }],
    region,
    privateIp: '10.1.2.3',
    networkId: null,
    publicIp: machine.address,
    publicIpType: 'dynamic',
    autoShutdownEnabled: false,
    autoShutdownTimeout: null,
    autoShutdownForce: null,
    autoSnapshotEnabled: false,
    // Not in force; the description has no word for none.
    autoSnapshotFrequency: 'daily',
    autoSnapshotSaveCount: null,
    updatesPending: false,
    restorePointEnabled: false,
    restorePointFrequency: 'shutdown',
    restorePointSnapshotId: null,
    usageRate: usd[machine.type as keyof typeof usd],
    storageRate: 7,
    dtCreated: time(createdAt),
    dtModified: time(createdAt),
    dtDeleted: deletedAt === null ? null : time(deletedAt),
    reservation: {
      name: 'none',
      id: '746c6152-2fa2-41ed-92d3-27aaa54e4988',
      dtStarted: time(createdAt),
      dtFinished: time(createdAt),
      isActive: false,
    },
  }
}

export const wireEvent = (
  machineId: string,
  name: string,
  state: string,
  error: string | null,
  at: number,
) => ({
  id: newId('e'),
  name,
  state,
  machineId,
  dtCreated: time(at),
  dtStarted: time(at),
  dtFinished: null,
  error,
})

export const wireDrive = (id: string, name: string) => ({
  id,
  name,
  dtCreated: '2026-10-01T08:00:00.000Z',
  size: 250,
  mountPoint: '//10.1.2.4/share',
  username: 'somebody',
  password: 'a-password-that-nobody-reads',
  networkId: 'n1',
  region: 'ny2',
})

export const wireScript = (id: string, name: string) => ({
  id,
  name,
  description: null,
  isEnabled: true,
  isRunOnce: true,
  assignedMachineIds: [],
  dtCreated: '2026-10-01T08:00:00.000Z',
  dtDeleted: null,
})

export const time = (at: number): string => new Date(at).toISOString()

export const session = {
  user: {
    firstName: 'Sammy',
    lastName: null,
    email: 'sammy@example.org',
    dtCreated: '2026-01-01T00:00:00.000Z',
    dtConfirmed: null,
    teamMemberships: [],
    isPhoneVerified: true,
    isPasswordAuthEnabled: true,
    isQrCodeBasedMfaEnabled: false,
    isQrCodeBasedMfaConfirmed: false,
    id: 'u1',
    analyticsId: 1,
    metadata: {},
  },
  team: { namespace: 'tsammy', isPrivate: true, maxMachines: 3, id: 'te1', analyticsId: 1 },
}

export const wireAddress = (one: { readonly ip: string; readonly machineId: string | null }) => ({
  ip: one.ip,
  region: 'ny2',
  ...(one.machineId === null ? {} : { assignedMachineId: one.machineId }),
  dtCreated: '2026-10-01T08:00:00.000Z',
})

/** Takes a row away, as the API answers it. */
export function removed<T>(rows: T[], is: (row: T) => boolean, body: unknown): FakeAnswer {
  const index = rows.findIndex(is)
  if (index === -1) return missing
  rows.splice(index, 1)
  return ok(body)
}

/** A path without what is variable in it. */
export function plain(path: string): string {
  return path.replace(/^\/v1/, '').replace(/^(\/[a-z-]+\/)(?!session)[^/]+/, '$1ID')
}
