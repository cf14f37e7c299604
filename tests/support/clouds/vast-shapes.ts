import type { FakeMachine, MachineState } from './fake-machines.ts'
import type { FakeAnswer, RefusalKind } from './fake-server.ts'
import { askRow, type FakeHost } from './vast-asks.ts'

// Shapes: Vast.ai's API description of 2026-08-07, and its official client where that is silent.

export type Body = Readonly<Record<string, unknown>>

/** What the fake was told of a machine. */
export interface Facts {
  readonly host: FakeHost
  readonly diskGb: number
  /** Dollars an hour; null on demand. */
  readonly bid: number | null
  readonly image: string
  readonly onstart: string
  readonly keys: string[]
  /** Outbid: stopped, with its disk. */
  paused: boolean
}

/** How Vast.ai says no. */
export const refusals: Readonly<Record<RefusalKind, readonly [number, Body]>> = {
  'bad-key': [401, { success: false, error: 'auth_error', msg: 'Invalid user key' }],
  permission: [403, { success: false, error: 'forbidden', msg: 'Not authorized for this action.' }],
  quota: [400, { success: false, error: 'insufficient_credit', msg: 'Insufficient credit.' }],
  'no-capacity': [
    404,
    {
      success: false,
      error: 'invalid_args',
      msg: 'error 404/3603: no_such_ask Instance type by id 1 is not available.',
    },
  ],
  'price-moved': [400, { success: false, error: 'invalid_price', msg: 'error 400: bid too low' }],
  'rate-limit': [429, { detail: 'API requests too frequent endpoint threshold=4.5' }],
  'server-error': [500, { success: false, error: 'server_error', msg: 'Internal error' }],
}

const statuses = {
  booting: ['loading', 'running'],
  running: ['running', 'running'],
  failed: ['exited', 'running'],
  ending: ['running', 'stopped'],
  ended: ['exited', 'stopped'],
} as const

/** A machine as "show instance" tells it. */
export function instanceShape(
  machine: FakeMachine<Facts>,
  state: MachineState,
  { address, sshPort }: { readonly address: string; readonly sshPort: number },
) {
  const { host, diskGb, bid, paused, onstart, image } = machine.facts
  const [status, intended] = paused ? (['exited', 'stopped'] as const) : statuses[state]
  const { reliability2, storage_cost } = askRow(host, 0, diskGb, 0)
  const disk = (diskGb * storage_cost) / 720
  const base = bid ?? host.base
  return {
    id: Number(machine.id),
    label: machine.name,
    actual_status: status,
    intended_status: intended,
    cur_state: paused ? 'stopped' : 'running',
    next_state: intended,
    status_msg: status === 'exited' ? 'Error: OCI runtime create failed: no such device' : null,
    image_uuid: image,
    image_runtype: 'ssh_direct',
    onstart,
    ssh_host: 'ssh5.vast.ai',
    ssh_port: 10_600,
    machine_id: host.machineId,
    start_date: machine.createdAt / 1_000,
    end_date: machine.createdAt / 1_000 + 2_600_000,
    gpu_name: host.gpu,
    num_gpus: host.count,
    gpu_ram: host.gpuRamMb,
    ...(host.place === null ? {} : { geolocation: host.place }),
    is_bid: bid !== null,
    dph_base: base,
    dph_total: base + disk,
    storage_cost,
    storage_total_cost: disk,
    reliability2,
    // With blanks around it, as it was seen (dstack, 2026-08).
    public_ipaddr: ` ${address}\n`,
    ...(status === 'running'
      ? { ports: { '22/tcp': [{ HostIp: '0.0.0.0', HostPort: String(sshPort) }] } }
      : {}),
  }
}

/** A machine as "show charges" tells it, with its GPU alone. */
export function chargeShape({ id, createdAt, endAskedAt, facts }: FakeMachine<Facts>, now: number) {
  const to = endAskedAt ?? now
  const hours = (to - createdAt) / 3_600_000
  const amount = Math.round((facts.bid ?? facts.host.base) * hours * 1_000) / 1_000
  const [start, end] = [createdAt, to].map((at) => Math.floor(at / 1_000))
  return { start, end, type: 'instance', source: `instance-${id}`, amount, items: [] }
}

/** A volume of somebody's. */
export const volumeShape = (id: number, label: string) => ({
  id,
  label,
  status: 'active',
  disk_space: 100,
  storage_total_cost: 0.0208,
  start_date: 1_790_000_000.5,
  instances: [],
})

export const ok = (body: Body): FakeAnswer => ({ status: 200, body })
export const missing = (error: string): FakeAnswer => ({
  status: 404,
  body: { success: false, error, msg: 'There is no such thing.' },
})
