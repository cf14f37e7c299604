import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../main/domain/clock.ts'
import type { Planted } from '../../conformance/subject.ts'
import { MachineWorld } from './machine-world.ts'
import { FakeMachines, type FakeMachine } from './fake-machines.ts'
import { grown, type FakeAnswer, type FakeRequest, type RefusalKind } from './fake-server.ts'
import type { FakeWorld } from './fake-cloud.ts'

// Shapes: Lambda's API description 1.10.0. Prices: a real answer of December 2025.

interface Facts {
  readonly type: string
  readonly region: string
  readonly keys: readonly string[]
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  readonly userData: string | null
}

const types = {
  gpu_1x_h100_pcie: ['H100 (80 GB PCIe)', 249, 26, 200, 1024, 1, ['us-west-3', 'us-east-1']],
  gpu_8x_h100_sxm5: ['H100 (80 GB SXM5)', 2392, 208, 1800, 24780, 8, ['us-south-1']],
  gpu_1x_gh200: ['GH200 (96 GB)', 149, 64, 432, 4096, 1, ['us-east-3']],
  gpu_1x_a10: ['A10 (24 GB PCIe)', 75, 30, 200, 1400, 1, ['us-west-1']],
  gpu_8x_v100: ['Tesla V100 (16 GB)', 440, 92, 448, 5939, 8, []],
  cpu_4x_general: ['N/A', 8, 4, 16, 64, 0, ['us-east-1']],
} as const satisfies Readonly<
  Record<string, readonly [string, number, number, number, number, number, readonly string[]]>
>

const available = { available: true }
const actions = {
  migrate: available,
  rebuild: available,
  restart: available,
  cold_reboot: available,
  terminate: available,
}

const statuses = {
  booting: 'booting',
  running: 'active',
  failed: 'unhealthy',
  ending: 'terminating',
  ended: 'terminated',
} as const

const refusals: Readonly<Record<RefusalKind, readonly [number, string, string]>> = {
  'bad-key': [401, 'global/invalid-api-key', 'API key was invalid, expired, or deleted.'],
  permission: [403, 'global/account-inactive', 'Your account is inactive.'],
  quota: [400, 'global/quota-exceeded', 'Quota exceeded.'],
  'no-capacity': [
    400,
    'instance-operations/launch/insufficient-capacity',
    'Not enough capacity to fulfill launch request.',
  ],
  'price-moved': [400, 'global/invalid-parameters', 'Invalid request data.'],
  'rate-limit': [429, 'global/rate-limited', 'Too many requests.'],
  'server-error': [500, 'global/internal-error', 'An unexpected error has occurred.'],
}

/** Lambda's API, as far as it is described: types, keys, machines and file systems. */
export class LambdaWorld extends MachineWorld<Facts> implements FakeWorld {
  readonly machines: FakeMachines<Facts>
  readonly keys: { readonly id: string; readonly name: string; readonly public_key: string }[] = []
  readonly worldFaults = [
    'invisible',
    'lingering',
    'slow-release',
    'never-boots',
    'boot-fails',
  ] as const
  /** Where its machines answer; a test's own sshd. */
  address = '127.0.0.1'
  #filesystems: { readonly id: string; readonly name: string }[] = []

  constructor(clock: Clock) {
    super()
    this.machines = new FakeMachines(clock, {
      bootMs: 2_000,
      newId: () => randomUUID().replaceAll('-', ''),
    })
  }

  operationsOf({ method, path }: FakeRequest) {
    switch (`${method} ${path.replace(/\/[0-9a-f]{32}$/, '/ID')}`) {
      case 'GET /api/v1/instance-types':
        return ['check', 'offers'] as const
      case 'POST /api/v1/instance-operations/launch':
        return ['launch'] as const
      case 'GET /api/v1/instances/ID':
        return ['describe'] as const
      case 'GET /api/v1/instances':
        return ['list'] as const
      case 'POST /api/v1/instance-operations/terminate':
        return ['release'] as const
      default:
        return []
    }
  }

  answer(request: FakeRequest): FakeAnswer {
    if (!/^Bearer .+$/.test(String(request.headers['authorization'])))
      return this.refusal('bad-key')
    const path = request.path.replace('/api/v1', '')
    const [, id = ''] = /\/([^/]+)$/.exec(path) ?? []
    const body = request.body as Readonly<Record<string, unknown>>
    switch (`${request.method} ${path.replace(/\/[0-9a-f]{32}$/, '/ID')}`) {
      case 'GET /instance-types':
        return data(Object.fromEntries(Object.keys(types).map((name) => [name, typeRow(name)])))
      case 'GET /ssh-keys':
        return data(this.keys)
      case 'POST /ssh-keys': {
        const key = {
          id: newId(),
          name: String(body['name']),
          public_key: String(body['public_key']),
        }
        this.keys.push(key)
        return data(key)
      }
      case 'DELETE /ssh-keys/ID':
        this.keys.splice(
          this.keys.findIndex((key) => key.id === id),
          1,
        )
        return data({})
      case 'GET /instances':
        return data(this.machines.listed().map((machine) => this.#wire(machine)))
      case 'GET /instances/ID': {
        const machine = this.machines.byId(id)
        return machine === undefined ? missing : data(this.#wire(machine))
      }
      case 'POST /instance-operations/launch':
        return this.#launch(body)
      case 'POST /instance-operations/terminate':
        return this.#terminate(body)
      case 'GET /file-systems':
        return data(this.#filesystems.map(filesystem))
      case 'DELETE /filesystems/ID':
        this.#filesystems = this.#filesystems.filter((one) => one.id !== id)
        return data({ deleted_ids: [id] })
      default:
        return missing
    }
  }

  refusal(kind: RefusalKind): FakeAnswer {
    const [status, code, message] = refusals[kind]
    return { status, body: { error: { code, message } } }
  }

  /** `data` of the types is a map by name. */
  readonly grown = (body: unknown): unknown => {
    const { data: rows } = body as { readonly data: unknown }
    if (Array.isArray(rows) || !('gpu_1x_a10' in (rows as object))) return grown(body)
    const entries = Object.entries(rows as object).map(([name, row]) => [name, grown(row)])
    return { data: Object.fromEntries(entries), added_later: 1 }
  }

  plant(what: Planted): string | null {
    if (what.kind === 'disk') {
      const one = { id: newId(), name: what.name }
      this.#filesystems.push(one)
      return one.id
    }
    if (what.kind !== 'machine' && what.kind !== 'copy') return null
    const name = what.kind === 'copy' ? what.of.rentalId : what.name
    const facts = { type: 'gpu_1x_a10', region: 'us-west-1', keys: [], tags: [], userData: null }
    return this.machines.launch(name, facts).id
  }

  #launch(body: Readonly<Record<string, unknown>>): FakeAnswer {
    const type = String(body['instance_type_name'])
    const region = String(body['region_name'])
    const keys = body['ssh_key_names'] as readonly string[]
    const regions: readonly string[] = types[type as keyof typeof types]?.[6] ?? []
    if (!regions.includes(region)) return this.refusal('no-capacity')
    if (!this.keys.some(({ name }) => name === keys[0])) return missing
    const machine = this.machines.launch(String(body['name']), {
      type,
      region,
      keys,
      tags: (body['tags'] ?? []) as Facts['tags'],
      userData: (body['user_data'] ?? null) as string | null,
    })
    return data({ instance_ids: [machine.id] })
  }

  #terminate(body: Readonly<Record<string, unknown>>): FakeAnswer {
    const found = (body['instance_ids'] as readonly string[]).map((id) => this.machines.byId(id))
    const machines = found.filter((one) => one !== undefined)
    if (machines.length === 0) return missing
    for (const machine of machines) this.machines.end(machine)
    return data({ terminated_instances: machines.map((machine) => this.#wire(machine)) })
  }

  #wire(machine: FakeMachine<Facts>) {
    const { id, name, facts } = machine
    const state = this.machines.shownStateOf(machine)
    return {
      id,
      name,
      ...(state === 'running' ? { ip: this.address } : {}),
      status: statuses[state],
      ssh_key_names: facts.keys,
      file_system_names: [],
      region: { name: facts.region, description: 'Somewhere, USA' },
      instance_type: typeRow(facts.type).instance_type,
      tags: facts.tags,
      actions,
    }
  }
}

const newId = (): string => randomUUID().replaceAll('-', '')
const data = (value: unknown): FakeAnswer => ({ status: 200, body: { data: value } })
const missing: FakeAnswer = {
  status: 404,
  body: {
    error: { code: 'global/object-does-not-exist', message: 'Specified instance does not exist.' },
  },
}

function typeRow(name: string) {
  const [gpu, cents, vcpus, memory, storage, gpus, regions] = types[name as keyof typeof types]
  return {
    instance_type: {
      name,
      description: `${gpus}x ${gpu}`,
      gpu_description: gpu,
      price_cents_per_hour: cents,
      specs: { vcpus, memory_gib: memory, storage_gib: storage, gpus },
    },
    regions_with_capacity_available: regions.map((region) => ({
      name: region,
      description: 'Somewhere, USA',
    })),
  }
}

function filesystem({ id, name }: { readonly id: string; readonly name: string }) {
  return {
    id,
    name,
    mount_point: `/lambda/nfs/${name}`,
    created: '2026-10-01T08:00:00Z',
    created_by: { id: newId(), email: 'somebody@example.org', status: 'active' },
    is_in_use: false,
    region: { name: 'us-west-1', description: 'California, USA' },
    bytes_used: 5 * 2 ** 30,
  }
}
