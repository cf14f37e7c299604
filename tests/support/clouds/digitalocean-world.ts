import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../main/domain/clock.ts'
import type { Planted } from '../../conformance/subject.ts'
import {
  seconds,
  sizes,
  wireAddress,
  wireDroplet,
  wireSize,
  wireVolume,
} from './digitalocean-shapes.ts'
import {
  account,
  balance,
  limits,
  missing,
  ok,
  paged,
  plain,
  refusal,
  removed,
  unprocessable,
} from './digitalocean-answers.ts'
import { DigitalOceanKeys } from './digitalocean-keys.ts'
import { MachineWorld } from './machine-world.ts'
import { FakeMachines, type FakeMachine } from './fake-machines.ts'
import type { FakeAnswer, FakeRequest, RefusalKind } from './fake-server.ts'
import type { FakeWorld } from './fake-cloud.ts'

interface Facts {
  readonly slug: string
  readonly region: string
  readonly tags: readonly string[]
  readonly image: string
  readonly keys: readonly unknown[]
  readonly userData: string | null
}

const cpuSize = 's-1vcpu-1gb'
/** DigitalOcean's API, as far as it is described: sizes, keys, droplets, volumes, addresses, bills. */
export class DigitalOceanWorld extends MachineWorld<Facts> implements FakeWorld {
  readonly machines: FakeMachines<Facts>
  readonly keys = new DigitalOceanKeys()
  readonly worldFaults = [
    'invisible',
    'lingering',
    'slow-release',
    'never-boots',
    'boot-fails',
  ] as const
  /** Where its machines answer; a test's own sshd. */
  address = '127.0.0.1'
  /** Paths that the token may not read. */
  readonly forbidden = new Set<string>()
  /** What the nightly books say: day, droplet and US dollars. */
  readonly booked: { readonly day: string; readonly droplet: string; readonly usd: string }[] = []
  readonly #clock: Clock
  #volumes: { readonly id: string; readonly name: string }[] = []
  #addresses: string[] = []

  constructor(clock: Clock) {
    super()
    this.#clock = clock
    this.machines = new FakeMachines(clock, {
      bootMs: 2_000,
      newId: (count) => String(448_543_000 + count),
    })
  }

  operationsOf({ method, path, query }: FakeRequest) {
    switch (`${method} ${plain(path)}`) {
      case 'GET /account':
        return ['check'] as const
      case 'GET /sizes':
        return ['offers'] as const
      case 'POST /droplets':
        return ['launch'] as const
      case 'GET /droplets/N':
        return ['describe'] as const
      case 'GET /droplets':
        return query.get('type') === 'gpus' ? (['list'] as const) : []
      case 'DELETE /droplets/N':
        return ['release'] as const
      default:
        return []
    }
  }

  answer(request: FakeRequest): FakeAnswer {
    if (!/^Bearer .+$/.test(String(request.headers['authorization'])))
      return this.refusal('bad-key')
    const path = plain(request.path)
    if (this.forbidden.has(path)) return this.refusal('permission')
    const id = request.path.split('/').at(-1) ?? ''
    const body = request.body as Readonly<Record<string, unknown>>
    const { query } = request
    switch (`${request.method} ${path}`) {
      case 'GET /account':
        return ok({ account })
      case 'GET /customers/my/balance':
        return ok(balance)
      case 'GET /sizes':
        return paged('sizes', Object.keys(sizes).map(wireSize), query)
      case 'GET /account/keys':
        return paged('ssh_keys', this.keys.all, query)
      case 'POST /account/keys':
        return this.keys.add(body)
      case 'GET /account/keys/FP':
        return this.keys.byFingerprint(decodeURIComponent(id))
      case 'DELETE /account/keys/N':
        return removed(this.keys.all, (key) => key.id === Number(id))
      case 'GET /droplets': {
        const gpus = query.get('type') === 'gpus'
        const of = this.machines
          .listed()
          .filter(({ facts }) => (sizes[facts.slug]?.gpu !== null) === gpus)
        return paged(
          'droplets',
          of.map((machine) => this.#wire(machine)),
          query,
        )
      }
      case 'POST /droplets':
        return this.#launch(body)
      case 'GET /droplets/N': {
        const machine = this.#listed(id)
        return machine === undefined ? missing : ok({ droplet: this.#wire(machine) })
      }
      case 'GET /droplets/N/actions':
        return this.#actions(request.path.split('/').at(-2) ?? '')
      case 'DELETE /droplets/N':
        return this.#destroy(id)
      case 'GET /volumes':
        return paged(
          'volumes',
          this.#volumes.map((one) => wireVolume(one.id, one.name)),
          query,
        )
      case 'DELETE /volumes/UUID':
        return removed(this.#volumes, (volume) => volume.id === id)
      case 'GET /reserved_ips':
        return paged('reserved_ips', this.#addresses.map(wireAddress), query)
      case 'DELETE /reserved_ips/IP':
        return removed(this.#addresses, (ip) => ip === id)
      case 'GET /snapshots':
        return paged('snapshots', [], query)
      case 'GET /images':
        return paged('images', [], query)
      case 'GET /billing/URN/insights/DAY/DAY':
        return this.#insights(request.path)
      default:
        return missing
    }
  }

  refusal(kind: RefusalKind): FakeAnswer {
    return refusal(kind)
  }

  plant(what: Planted): string | null {
    if (what.kind === 'spot-request') return null
    if (what.kind === 'disk') {
      this.#volumes.push({ id: randomUUID(), name: what.name })
      return this.#volumes.at(-1)?.id ?? null
    }
    if (what.kind === 'address') {
      this.#addresses.push('203.0.113.47')
      return '203.0.113.47'
    }
    const facts = { region: 'tor1', tags: [], image: 'x', keys: [], userData: null }
    // A stranger's droplet has no GPU: the API lists those apart.
    return what.kind === 'copy'
      ? this.machines.launch(what.of.rentalId, { ...facts, slug: 'gpu-4000adax1-20gb' }).id
      : this.machines.launch(what.name, { ...facts, slug: cpuSize }).id
  }

  #launch(body: Readonly<Record<string, unknown>>): FakeAnswer {
    const slug = String(body['size'])
    const region = String(body['region'])
    const keys = body['ssh_keys'] as readonly number[]
    if (sizes[slug]?.regions.includes(region) !== true) return this.refusal('no-capacity')
    if (!this.keys.all.some(({ id }) => keys.includes(id)))
      return unprocessable('You specified invalid SSH key IDs for Droplet creation.')
    const machine = this.machines.launch(String(body['name']), {
      slug,
      region,
      tags: body['tags'] as readonly string[],
      image: String(body['image']),
      keys,
      userData: (body['user_data'] ?? null) as string | null,
    })
    const action = { id: 7515, rel: 'create', href: 'https://api.digitalocean.com/v2/actions/7515' }
    return ok({ droplet: this.#wire(machine), links: { actions: [action] } }, 202)
  }

  #destroy(id: string): FakeAnswer {
    const machine = this.#listed(id)
    if (machine === undefined) return missing
    if (machine.endAskedAt !== null) return unprocessable('Droplet already has a pending event.')
    this.machines.end(machine)
    return { status: 204, body: null, headers: limits }
  }

  #actions(id: string): FakeAnswer {
    const machine = this.#listed(id)
    if (machine === undefined) return missing
    const state = this.machines.stateOf(machine)
    const status =
      state === 'failed' ? 'errored' : state === 'booting' ? 'in-progress' : 'completed'
    const created = {
      id: 36_804_636,
      status,
      type: 'create',
      started_at: seconds(machine.createdAt),
      completed_at: status === 'in-progress' ? null : seconds(this.#clock.now()),
      resource_id: Number(id),
      resource_type: 'droplet',
      region_slug: machine.facts.region,
    }
    return ok({ actions: [created], links: {}, meta: { total: 1 } })
  }

  #insights(path: string): FakeAnswer {
    const [from = '', to = ''] = path.split('/').slice(-2)
    const points = this.booked
      .filter(({ day }) => day >= from && day <= to)
      .map(({ day, droplet, usd }) => ({
        usage_team_urn: `do:team:${account.team.uuid}`,
        start_date: day,
        total_amount: usd,
        region: 'tor1',
        sku: '1-DO-DROP-0109',
        description: `${droplet} (gpu-4000adax1-20gb)`,
        group_description: '',
      }))
    return ok({ data_points: points, total_items: points.length, total_pages: 1, current_page: 1 })
  }

  #listed(id: string): FakeMachine<Facts> | undefined {
    return this.machines.listed().find((machine) => machine.id === id)
  }

  #wire(machine: FakeMachine<Facts>) {
    const { id, name, facts, createdAt } = machine
    const state = this.machines.shownStateOf(machine)
    const isNew = state === 'booting' || state === 'failed'
    return wireDroplet({
      id: Number(id),
      name,
      slug: facts.slug,
      region: facts.region,
      tags: facts.tags,
      createdAt,
      status: isNew ? 'new' : 'active',
      address: isNew ? null : this.address,
    })
  }
}
