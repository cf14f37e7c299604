import type { Clock } from '../../../main/domain/clock.ts'
import type { Planted } from '../../conformance/subject.ts'
import { MachineWorld } from './machine-world.ts'
import { FakeMachines, type FakeMachine } from './fake-machines.ts'
import type { FakeAnswer, FakeRequest, RefusalKind } from './fake-server.ts'
import type { FakeWorld } from './fake-cloud.ts'
import { askRow, fits, hosts as someHosts, oneHost, type FakeHost } from './vast-asks.ts'
import {
  chargeShape,
  instanceShape,
  missing,
  ok,
  refusals,
  volumeShape,
  type Body,
  type Facts,
} from './vast-shapes.ts'

/** Vast.ai's API, as far as it is described: asks, machines, volumes and charges. */
export class VastWorld extends MachineWorld<Facts> implements FakeWorld {
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
    super()
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
        return ok({ instances: known ? this.#shape(machine) : null })
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
        return ok({ volumes: [...this.#volumes].map(([at, label]) => volumeShape(at, label)) })
      case 'DELETE /api/v0/volumes/':
        return this.#volumes.delete(Number(body['id']))
          ? ok({ success: true })
          : missing('no_such_volume')
      case 'GET /api/v0/charges/':
        return ok({
          success: true,
          next_token: null,
          results: this.machines.all().map((one) => chargeShape(one, this.#clock.now())),
        })
      default:
        return missing('not_found')
    }
  }

  refusal(kind: RefusalKind): FakeAnswer {
    const [status, body] = refusals[kind]
    return { status, body }
  }

  /** Without notice: the suite's case is about a notice. */
  /** Somebody has bid more: the machine is stopped at once, and its disk stays. */
  outbid(rentalId: string): void {
    this.#ofRental(rentalId).facts.paused = true
  }

  override vanish(rentalId: string): void {
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
      instances: page.map((machine) => this.#shape(machine)),
    })
  }

  #shape(machine: FakeMachine<Facts>) {
    return instanceShape(machine, this.machines.shownStateOf(machine), this)
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
