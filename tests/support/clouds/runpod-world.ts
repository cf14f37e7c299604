import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../main/domain/clock.ts'
import type { Planted } from '../../conformance/subject.ts'
import { MachineWorld } from './machine-world.ts'
import { FakeMachines, type FakeMachine } from './fake-machines.ts'
import type { FakeAnswer, FakeRequest } from './fake-server.ts'
import type { FakeWorld } from './fake-cloud.ts'
import { deleted, missing, ok, problem, refusal } from './runpod-answers.ts'
import { podBill } from './runpod-books.ts'
import { gpuRow, gpus } from './runpod-catalogue.ts'
import {
  endpoint,
  podRow,
  strangersPod,
  volume,
  type CreateBody,
  type PodFacts,
} from './runpod-shapes.ts'

/** RunPod's API v2, as far as it is described: catalogue, pods, volumes, endpoints and bills. */
export class RunpodWorld extends MachineWorld<PodFacts> implements FakeWorld {
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
    super()
    this.#clock = clock
    this.machines = new FakeMachines(clock, { bootMs: 2_000, newId: podIdOf })
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
    if (!/^Bearer .+$/.test(String(request.headers['authorization']))) return refusal('bad-key')
    const [, ownPod] = /^\/v2\/pods\/([^/]+)\/action$/.exec(path) ?? []
    if (ownPod !== undefined) return this.#actOn(ownPod, request)
    if (this.forbidden.includes(path)) return refusal('permission')
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
        return ok(
          podBill(query, this.machines.all(), (pod) => this.#usdPerHour(pod), this.#clock.now()),
        )
      default:
        return path === '/graphql' && this.hasGraphql
          ? ok({ data: { myself: { email: 'me@example.org', clientBalance: 12.5 } } })
          : missing
    }
  }

  readonly refusal = refusal

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
    if (row.availability !== 'HIGH' || !isThere || !isNew) return refusal('no-capacity')
    const { name, ...facts } = body
    const pod = this.machines.launch(name, { ...facts, cloud, dataCenterIds })
    return { status: 201, body: { ...this.#wire(pod), status: 'PROVISIONING' } }
  }

  /** Asked for by a pod itself, with the key that is in it and opens nothing else. */
  #actOn(id: string, { headers, body }: FakeRequest): FakeAnswer {
    if (!this.podKeysWork || headers['authorization'] !== `Bearer ${podKeyOf(id)}`)
      return refusal('permission')
    const pod = this.machines.byId(id)
    if (pod === undefined || !this.machines.listed().includes(pod)) return missing
    if ((body as { readonly action: string }).action !== 'terminate')
      return problem(409, 'Conflict', 'action is not valid for the current status')
    this.machines.end(pod)
    return deleted
  }

  #wire(pod: FakeMachine<PodFacts>) {
    const state = this.machines.shownStateOf(pod)
    return podRow(pod, {
      state,
      host: this.address,
      port: this.sshPort,
      cost: this.#usdPerHour(pod),
    })
  }

  #usdPerHour({ facts }: FakeMachine<PodFacts>): number {
    const usd = gpus.find(({ id }) => id === facts.gpu.id)?.usd ?? [0, 0]
    return usd[facts.cloud === 'SECURE' ? 0 : 1] * facts.gpu.count + this.surchargeUsd
  }
}

/** The id of a world's n-th pod, from 1. */
export const podIdOf = (n: number): string => `7h9k2m4n${String(n).padStart(6, '0')}`

/** What RunPod puts into a pod as RUNPOD_API_KEY. */
export const podKeyOf = (id: string): string => `rpa_of_the_pod_${id}`

const newId = (): string => randomUUID().replaceAll('-', '').slice(0, 14)
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
