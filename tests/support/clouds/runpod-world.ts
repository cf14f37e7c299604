import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../main/domain/clock.ts'
import type { Planted } from '../../conformance/subject.ts'
import { FakeMachines, type FakeMachine, type WorldFault } from './fake-machines.ts'
import type { FakeAnswer, FakeRequest, RefusalKind } from './fake-server.ts'
import type { FakeWorld } from './fake-cloud.ts'
import { gpuRow, gpus } from './runpod-catalogue.ts'

/** A pod as it was asked for. */
export interface PodFacts {
  readonly cloud: 'SECURE' | 'COMMUNITY'
  readonly gpu: { readonly id: string; readonly count: number; readonly minCudaVersion?: string }
  readonly dataCenterIds: readonly string[]
  readonly image: string
  readonly args: string
  readonly disk: number
  readonly ports: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const refusals: Readonly<Record<RefusalKind, readonly [number, string, string]>> = {
  'bad-key': [401, 'Unauthorized', 'invalid bearer token'],
  permission: [403, 'Forbidden', 'access denied'],
  quota: [402, 'Payment Required', 'insufficient balance'],
  'no-capacity': [400, 'Bad Request', 'There are no instances available with these specifications'],
  'price-moved': [400, 'Bad Request', 'request could not be processed'],
  'rate-limit': [429, 'Too Many Requests', 'rate limit exceeded for the minute window'],
  'server-error': [500, 'Internal Server Error', 'upstream failure'],
}

const statuses = {
  booting: 'STARTING',
  running: 'RUNNING',
  failed: 'ERROR',
  // There is no status for it: until it is gone it looks as before.
  ending: 'RUNNING',
  ended: 'TERMINATED',
} as const

const actions = ['stop', 'restart', 'terminate']
const hourMs = 3_600_000

/** RunPod's API v2, as far as it is described: catalogue, pods, volumes, endpoints and bills. */
export class RunpodWorld implements FakeWorld {
  readonly machines: FakeMachines<PodFacts>
  readonly worldFaults = [
    'invisible',
    'lingering',
    'slow-release',
    'never-boots',
    'boot-fails',
  ] as const
  /** Where its pods answer; a test's own sshd. */
  address = '127.0.0.1'
  sshPort = 34_446
  /** What a pod costs beside its catalogue price, in US dollars an hour. */
  surchargeUsd = 0
  /** Paths that the key may not ask for. */
  forbidden: readonly string[] = []
  /** False once the older API is retired. */
  hasGraphql = true
  /** Whether the API takes a pod's own key. */
  podKeysWork = true
  /** Least workers of the account's serverless endpoint. */
  keptWorkers = 0
  readonly #clock: Clock
  #volumes: { readonly id: string; readonly name: string }[] = []

  constructor(clock: Clock) {
    this.#clock = clock
    this.machines = new FakeMachines(clock, { bootMs: 2_000, newId })
  }

  operationsOf({ method, path, query }: FakeRequest) {
    if (method === 'GET' && path === '/v2/catalog/gpus') return ['offers'] as const
    if (method === 'POST' && path === '/v2/pods') return ['launch'] as const
    if (method === 'GET' && path === '/v2/pods')
      return query.has('includeClusterPods') ? (['list'] as const) : (['check'] as const)
    if (!path.startsWith('/v2/pods/')) return []
    return method === 'DELETE' ? (['release'] as const) : (['describe'] as const)
  }

  answer(request: FakeRequest): FakeAnswer {
    const { method, path, query } = request
    if (!/^Bearer .+$/.test(String(request.headers['authorization'])))
      return this.refusal('bad-key')
    const [, ownPod] = /^\/v2\/pods\/([^/]+)\/action$/.exec(path) ?? []
    if (ownPod !== undefined) return this.#actOn(ownPod, request)
    if (this.forbidden.includes(path)) return this.refusal('permission')
    const [, group = '', id = ''] = /^(\/v2\/(?:catalog\/)?[a-z-]+)(?:\/(.+))?$/.exec(path) ?? []
    switch (`${method} ${group}${id === '' ? '' : '/ID'}`) {
      case 'GET /v2/catalog/gpus':
        return ok({ gpus: gpus.map((gpu) => gpuRow(gpu, availabilityAsked(query))) })
      case 'GET /v2/catalog/gpus/ID': {
        const gpu = gpus.find((one) => one.id === decodeURIComponent(id))
        return gpu === undefined ? missing : ok(gpuRow(gpu, null))
      }
      case 'GET /v2/pods':
        return ok({ pods: this.machines.listed().map((pod) => this.#wire(pod)) })
      case 'POST /v2/pods':
        return this.#create(request.body as CreateBody)
      case 'GET /v2/pods/ID': {
        const pod = this.machines.byId(id)
        const isThere = pod !== undefined && this.machines.listed().includes(pod)
        return isThere ? ok(this.#wire(pod)) : missing
      }
      case 'DELETE /v2/pods/ID': {
        const pod = this.machines.byId(id)
        if (pod === undefined || !this.machines.listed().includes(pod)) return missing
        this.machines.end(pod)
        return deleted
      }
      case 'GET /v2/network-volumes':
        return ok({ networkVolumes: this.#volumes.map(volume) })
      case 'DELETE /v2/network-volumes/ID':
        this.#volumes = this.#volumes.filter((one) => one.id !== id)
        return deleted
      case 'GET /v2/serverless':
        return ok({ endpoints: [endpoint(this.keptWorkers)] })
      case 'GET /v2/billing/ID':
        return ok(this.#bill(query))
      default:
        return path === '/graphql' && this.hasGraphql
          ? ok({ data: { myself: { email: 'me@example.org', clientBalance: 12.5 } } })
          : missing
    }
  }

  refusal(kind: RefusalKind): FakeAnswer {
    const [status, title, detail] = refusals[kind]
    return problem(status, title, detail)
  }

  plantFault(fault: WorldFault): void {
    this.machines.plant(fault)
  }

  clearFaults(): void {
    this.machines.clear()
  }

  reclaim(): boolean {
    return false
  }

  vanish(rentalId: string): void {
    this.machines.end(this.machines.ofRental(rentalId))
  }

  plant(what: Planted): string | null {
    if (what.kind === 'disk') {
      const one = { id: newId(), name: what.name }
      this.#volumes.push(one)
      return one.id
    }
    if (what.kind !== 'machine' && what.kind !== 'copy') return null
    const name = what.kind === 'copy' ? what.of.rentalId : what.name
    return this.machines.launch(name, strangersPod).id
  }

  live(): number {
    return this.machines.live()
  }

  #create(body: CreateBody): FakeAnswer {
    const gpu = gpus.find(({ id }) => id === body.gpu.id)
    if (gpu === undefined) return problem(400, 'Bad Request', 'unknown GPU type')
    const { cloud = 'SECURE', dataCenterIds = [] } = body
    const row = gpuRow(gpu, { count: body.gpu.count, cloud })
    const places = row.dataCenters?.map(({ id }) => id) ?? []
    const isThere = dataCenterIds.length === 0 || dataCenterIds.some((one) => places.includes(one))
    const { minCudaVersion } = body.gpu
    const versions = row.cudaVersions ?? []
    const isNew =
      minCudaVersion === undefined ||
      versions.some(({ version }) => number(version) >= number(minCudaVersion))
    if (row.availability !== 'HIGH' || !isThere || !isNew) return this.refusal('no-capacity')
    const { name, ...facts } = body
    const pod = this.machines.launch(name, { ...facts, cloud, dataCenterIds })
    return { status: 201, body: { ...this.#wire(pod), status: 'PROVISIONING' } }
  }

  /** Asked for by a pod itself, with the key that is in it and opens nothing else. */
  #actOn(id: string, { headers, body }: FakeRequest): FakeAnswer {
    if (!this.podKeysWork || headers['authorization'] !== `Bearer ${podKeyOf(id)}`)
      return this.refusal('permission')
    const pod = this.machines.byId(id)
    if (pod === undefined || !this.machines.listed().includes(pod)) return missing
    if ((body as { readonly action: string }).action !== 'terminate')
      return problem(409, 'Conflict', 'action is not valid for the current status')
    this.machines.end(pod)
    return deleted
  }

  #usdPerHour({ facts }: FakeMachine<PodFacts>): number {
    const usd = gpus.find(({ id }) => id === facts.gpu.id)?.usd ?? [0, 0]
    return usd[facts.cloud === 'SECURE' ? 0 : 1] * facts.gpu.count + this.surchargeUsd
  }

  #wire(pod: FakeMachine<PodFacts>) {
    const { id, name, facts, createdAt } = pod
    const status = statuses[this.machines.shownStateOf(pod)]
    const command = `ssh root@${this.address} -p ${this.sshPort}`
    const direct = { host: this.address, port: this.sshPort, username: 'root', command }
    const isUp = status === 'RUNNING' && facts.ports.includes('22/tcp')
    const [dataCenterId = 'US-KS-2'] = facts.dataCenterIds
    return {
      id,
      name,
      status,
      actions,
      image: facts.image,
      args: facts.args,
      disk: facts.disk,
      mounts: {},
      ports: facts.ports,
      env: facts.env,
      registry: null,
      gpu: { id: facts.gpu.id, count: facts.gpu.count },
      cloud: facts.cloud,
      dataCenterId,
      cudaVersion: '12.8',
      ssh: { proxy: null, direct: isUp ? direct : null },
      template: null,
      cost: this.#usdPerHour(pod),
      locked: false,
      globalNetworking: { enabled: false },
      runtime: isUp ? { uptime: 1, ports: [] } : null,
      createdAt: new Date(createdAt).toISOString(),
      startedAt: isUp ? new Date(pod.runsAt).toISOString() : null,
    }
  }

  /** One pod's hours, each with its share. */
  #bill(query: URLSearchParams) {
    const from = Date.parse(query.get('startTime') ?? '') || 0
    const to = Date.parse(query.get('endTime') ?? '') || this.#clock.now()
    const pod = this.machines.all().find(({ id }) => id === query.get('podId'))
    const records: object[] = []
    let total = 0
    if (pod !== undefined) {
      const until = Math.min(to, pod.endAskedAt ?? this.#clock.now())
      for (let at = Math.floor(from / hourMs) * hourMs; at < until; at += hourMs) {
        const share = Math.min(until, at + hourMs) - Math.max(at, pod.createdAt)
        if (share <= 0) continue
        const gpuAmount = (this.#usdPerHour(pod) * share) / hourMs
        total += gpuAmount
        records.push({ ...range(at, at + hourMs), podId: pod.id, ...amounts(gpuAmount) })
      }
    }
    return {
      records,
      metadata: {
        query: { ...range(from, to), bucketSize: query.get('bucketSize') ?? 'day' },
        recordCount: records.length,
        uniquePodCount: records.length === 0 ? 0 : 1,
        totals: amounts(total),
      },
    }
  }
}

type CreateBody = Omit<PodFacts, 'cloud' | 'dataCenterIds'> &
  Partial<Pick<PodFacts, 'cloud' | 'dataCenterIds'>> & { readonly name: string }

const strangersPod: PodFacts = {
  cloud: 'SECURE',
  gpu: { id: 'NVIDIA A40', count: 1 },
  dataCenterIds: [],
  image: 'example/mine:1',
  args: '',
  disk: 20,
  ports: ['8888/http'],
  env: { JUPYTER_PASSWORD: 'not ours to read' },
}

/** What RunPod puts into a pod as RUNPOD_API_KEY. */
export const podKeyOf = (id: string): string => `rpa_of_the_pod_${id}`

const newId = (): string => randomUUID().replaceAll('-', '').slice(0, 14)
const ok = (body: unknown): FakeAnswer => ({ status: 200, body })
const deleted: FakeAnswer = { status: 204, body: null }
const missing = problem(404, 'Not Found', 'resource not found')

function problem(status: number, title: string, detail: string): FakeAnswer {
  const headers = { 'content-type': 'application/problem+json' }
  return { status, body: { title, status, detail }, headers }
}

function availabilityAsked(query: URLSearchParams) {
  if (query.get('include') !== 'AVAILABILITY') return null
  const cloud = query.get('cloud') === 'COMMUNITY' ? 'COMMUNITY' : 'SECURE'
  return { count: Number(query.get('count') ?? 1), cloud } as const
}

/** `12.11` is above `12.8`. */
function number(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1_000 + minor
}

const range = (from: number, to: number) => ({
  startTime: new Date(from).toISOString(),
  endTime: new Date(to).toISOString(),
})

const amounts = (gpuAmount: number) => ({
  totalAmount: gpuAmount,
  gpuAmount,
  cpuAmount: 0,
  diskAmount: 0,
})

function volume({ id, name }: { readonly id: string; readonly name: string }) {
  return { id, name, size: 100, dataCenter: 'US-KS-2', type: 'STANDARD' }
}

function endpoint(min: number) {
  return {
    id: '4m7x2k9q',
    name: 'somebody’s endpoint',
    image: 'example/mine:1',
    workers: { min, max: 5, idleTimeout: 5 },
    scaling: { type: 'QUEUE_DELAY', queueDelay: 4 },
    dataCenterIds: ['US-KS-2'],
    networkVolumes: [],
    timeout: 300_000,
    flashboot: 'OFF',
    createdAt: '2026-06-01T12:00:00Z',
  }
}
