import type { Clock } from '../../../main/domain/clock.ts'
import type { Planted } from '../../conformance/subject.ts'
import { FakeMachines, type FakeMachine, type WorldFault } from './fake-machines.ts'
import type { FakeAnswer, FakeRequest, RefusalKind } from './fake-server.ts'
import type { FakeWorld } from './fake-cloud.ts'
import { askRow, fits, hosts as someHosts, oneHost, type FakeHost } from './vast-asks.ts'

// Shapes: Vast.ai's API description of 2026-08-07, and its official client where that is silent.

interface Facts {
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

type Body = Readonly<Record<string, unknown>>

const refusals: Readonly<Record<RefusalKind, readonly [number, Body]>> = {
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

/** Vast.ai's API, as far as it is described: asks, machines, volumes and charges. */
export class VastWorld implements FakeWorld {
  readonly machines: FakeMachines<Facts>
  readonly worldFaults = [
    'invisible',
    'lingering',
    'slow-release',
    'never-boots',
    'boot-fails',
  ] as const
  /** Where its machines answer; a test's own sshd. */
  address = '127.0.0.1'
  sshPort = 40_022
  /** How many rows a search gives at most, whatever limit was asked for. */
  mostRows = Infinity
  /** The next launch is refused and leaves a stopped machine behind. */
  leavesMachine = false
  hosts = someHosts
  readonly #clock: Clock
  readonly #volumes = new Map<number, string>()
  #rented = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.machines = new FakeMachines(clock, {
      bootMs: 2_000,
      newId: (count) => String(12_345_000 + count),
    })
  }

  operationsOf({ method, path }: FakeRequest) {
    switch (`${method} ${path.replace(/\/\d+\//, '/ID/')}`) {
      case 'GET /api/v0/users/current/':
        return ['check'] as const
      case 'POST /api/v0/bundles/':
        return ['offers'] as const
      case 'PUT /api/v0/asks/ID/':
        return ['launch'] as const
      case 'GET /api/v0/instances/ID/':
        return ['describe'] as const
      case 'GET /api/v1/instances/':
        return ['list'] as const
      case 'DELETE /api/v0/instances/ID/':
        return ['release'] as const
      default:
        return []
    }
  }

  answer(request: FakeRequest): FakeAnswer {
    const { method, path, query } = request
    const [, id = ''] = /\/(\d+)\//.exec(path) ?? []
    const body = (request.body ?? {}) as Body
    const [, key = ''] = /^Bearer (.+)$/.exec(String(request.headers['authorization'])) ?? []
    if (key === '') return this.refusal('bad-key')
    // A container's own key ends its own machine and nothing else.
    if (key.startsWith('container-') && !(method !== 'GET' && key === `container-${id}`))
      return this.refusal('permission')
    switch (`${method} ${path.replace(/\/\d+\//, '/ID/')}`) {
      case 'GET /api/v0/users/current/':
        return ok({ id: 7, key_id: 8, email: 'somebody@example.org', balance: 0, credit: 24.5 })
      case 'POST /api/v0/bundles/':
        return ok({ offers: this.#search(body) })
      case 'PUT /api/v0/asks/ID/':
        return this.#create(Number(id), body)
      case 'GET /api/v0/instances/ID/': {
        const machine = this.machines.byId(id)
        const known = machine !== undefined && this.machines.listed().includes(machine)
        return ok({ instances: known ? this.#wire(machine) : null })
      }
      case 'GET /api/v1/instances/':
        return this.#list(query)
      case 'POST /api/v0/instances/ID/ssh/': {
        const machine = this.machines.byId(id)
        if (machine === undefined) return missing('no_such_instance')
        machine.facts.keys.push(String(body['ssh_key']))
        return ok({ success: true, msg: 'SSH key attached successfully' })
      }
      case 'DELETE /api/v0/instances/ID/': {
        const machine = this.machines.byId(id)
        if (machine === undefined || this.machines.stateOf(machine) === 'ended')
          return missing('no_such_instance')
        this.machines.end(machine)
        return ok({ success: true })
      }
      case 'PUT /api/v0/instances/ID/':
        return this.machines.byId(id) === undefined
          ? missing('no_such_instance')
          : ok({ success: true })
      case 'GET /api/v0/volumes/':
        return ok({ volumes: [...this.#volumes].map(([at, label]) => volume(at, label)) })
      case 'DELETE /api/v0/volumes/':
        return this.#volumes.delete(Number(body['id']))
          ? ok({ success: true })
          : missing('no_such_volume')
      case 'GET /api/v0/charges/':
        return ok({ success: true, next_token: null, results: this.#charges() })
      default:
        return missing('not_found')
    }
  }

  refusal(kind: RefusalKind): FakeAnswer {
    const [status, body] = refusals[kind]
    return { status, body }
  }

  plantFault(fault: WorldFault): void {
    this.machines.plant(fault)
  }

  clearFaults(): void {
    this.machines.clear()
  }

  /** Without notice: the suite's case is about a notice. */
  reclaim(): boolean {
    return false
  }

  /** Somebody has bid more: the machine is stopped at once, and its disk stays. */
  outbid(rentalId: string): void {
    this.#ofRental(rentalId).facts.paused = true
  }

  vanish(rentalId: string): void {
    this.machines.end(this.#ofRental(rentalId))
  }

  plant(what: Planted): string | null {
    if (what.kind === 'disk') {
      const id = 900_001 + this.#volumes.size
      this.#volumes.set(id, what.name)
      return `V.${id}`
    }
    if (what.kind !== 'machine' && what.kind !== 'copy') return null
    const label = what.kind === 'copy' ? what.of.rentalId : what.name
    return this.#launch(label, oneHost, {}).id
  }

  live(): number {
    return this.machines.live()
  }

  #ofRental(rentalId: string): FakeMachine<Facts> {
    const found = this.machines
      .all()
      .findLast(
        (one) => one.name.split(' ')[0] === rentalId && this.machines.stateOf(one) !== 'ended',
      )
    if (found === undefined) throw new Error(`No machine of ${rentalId}.`)
    return found
  }

  /** Ids are short-lived: after each rental they are others. */
  #asks() {
    const taken = this.machines.all().filter((one) => this.machines.stateOf(one) !== 'ended')
    return this.hosts
      .map((host, index) => ({ host, id: 70_000 + this.#rented * 100 + index }))
      .filter(({ host }) => !taken.some(({ facts }) => facts.host === host))
  }

  #search(body: Body) {
    const storage = Number(body['allocated_storage'] ?? 8)
    return this.#asks()
      .map(({ host, id }) => askRow(host, id, storage, this.#clock.now()))
      .filter((row) => fits(row, body))
      .toSorted((a, b) => a.dph_total - b.dph_total)
      .slice(0, Math.min(this.mostRows, Number(body['limit'] ?? 64)))
  }

  #create(askId: number, body: Body): FakeAnswer {
    const ask = this.#asks().find(({ id }) => id === askId)
    if (ask === undefined) {
      const msg = `error 410/3907: no_such_ask Instance type ${askId} is no longer available.`
      return { status: 410, body: { success: false, error: 'no_such_ask', msg, ask_id: askId } }
    }
    const bid = body['price'] === undefined ? null : Number(body['price'])
    const tooLow = bid !== null && bid < (ask.host.minBid ?? Infinity)
    if (tooLow || this.leavesMachine) {
      this.leavesMachine = false
      const { id } = this.#launch(String(body['label']), ask.host, body)
      const refusal = this.refusal('price-moved')
      return { ...refusal, body: { ...(refusal.body as Body), new_contract: Number(id) } }
    }
    const machine = this.#launch(String(body['label']), ask.host, body)
    const key = `container-${machine.id}`
    return ok({ success: true, new_contract: Number(machine.id), instance_api_key: key })
  }

  #launch(label: string, host: FakeHost, body: Body): FakeMachine<Facts> {
    this.#rented += 1
    return this.machines.launch(label, {
      host,
      diskGb: Number(body['disk'] ?? 10),
      bid: body['price'] === undefined ? null : Number(body['price']),
      image: textOf(body['image']),
      onstart: textOf(body['onstart']),
      keys: [],
      paused: false,
    })
  }

  #list(query: URLSearchParams): FakeAnswer {
    const filters = JSON.parse(query.get('select_filters') ?? '{}') as Body
    const { eq: label } = (filters['label'] ?? {}) as { readonly eq?: string }
    const all = this.machines.listed().filter(({ name }) => label === undefined || name === label)
    const from = Number(query.get('after_token') ?? 0)
    const limit = Math.min(25, Number(query.get('limit') ?? 25))
    const page = all.slice(from, from + limit)
    return ok({
      success: true,
      instances_found: page.length,
      total_instances: all.length,
      next_token: from + limit < all.length ? String(from + limit) : null,
      instances: page.map((machine) => this.#wire(machine)),
    })
  }

  #wire(machine: FakeMachine<Facts>) {
    const { host, diskGb, bid, paused, onstart, image } = machine.facts
    const state = this.machines.shownStateOf(machine)
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
      public_ipaddr: ` ${this.address}\n`,
      ...(status === 'running'
        ? { ports: { '22/tcp': [{ HostIp: '0.0.0.0', HostPort: String(this.sshPort) }] } }
        : {}),
    }
  }

  #charges() {
    const now = this.#clock.now()
    return this.machines.all().map(({ id, createdAt, endAskedAt, facts }) => {
      const to = endAskedAt ?? now
      const hours = (to - createdAt) / 3_600_000
      const amount = Math.round((facts.bid ?? facts.host.base) * hours * 1_000) / 1_000
      const [start, end] = [createdAt, to].map((at) => Math.floor(at / 1_000))
      return { start, end, type: 'instance', source: `instance-${id}`, amount, items: [] }
    })
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const ok = (body: Body): FakeAnswer => ({ status: 200, body })
const missing = (error: string): FakeAnswer => ({
  status: 404,
  body: { success: false, error, msg: 'There is no such thing.' },
})

const volume = (id: number, label: string) => ({
  id,
  label,
  status: 'active',
  disk_space: 100,
  storage_total_cost: 0.0208,
  start_date: 1_790_000_000.5,
  instances: [],
})
