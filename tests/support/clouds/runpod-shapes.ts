import type { FakeMachine, MachineState } from './fake-machines.ts'

// Shapes: RunPod's API description 2.0.0.

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

const statuses = {
  booting: 'STARTING',
  running: 'RUNNING',
  failed: 'ERROR',
  // There is no status for it: until it is gone it looks as before.
  ending: 'RUNNING',
  ended: 'TERMINATED',
} as const

const actions = ['stop', 'restart', 'terminate']

/** What changes about a pod. */
export interface PodNow {
  readonly state: MachineState
  /** Where it answers by SSH. */
  readonly host: string
  readonly port: number
  /** US dollars an hour. */
  readonly cost: number
}

/** A pod as the API tells it. */
export function podRow(
  { id, name, facts, createdAt, runsAt }: FakeMachine<PodFacts>,
  { state, host, port, cost }: PodNow,
) {
  const status = statuses[state]
  const direct = { host, port, username: 'root', command: `ssh root@${host} -p ${port}` }
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
    cost,
    locked: false,
    globalNetworking: { enabled: false },
    runtime: isUp ? { uptime: 1, ports: [] } : null,
    createdAt: new Date(createdAt).toISOString(),
    startedAt: isUp ? new Date(runsAt).toISOString() : null,
  }
}

/** The body of a creation. */
export type CreateBody = Omit<PodFacts, 'cloud' | 'dataCenterIds'> &
  Partial<Pick<PodFacts, 'cloud' | 'dataCenterIds'>> & { readonly name: string }

/** A pod that Sublet did not make. */
export const strangersPod: PodFacts = {
  cloud: 'SECURE',
  gpu: { id: 'NVIDIA A40', count: 1 },
  dataCenterIds: [],
  image: 'example/mine:1',
  args: '',
  disk: 20,
  ports: ['8888/http'],
  env: { JUPYTER_PASSWORD: 'not ours to read' },
}

/** A network volume. */
export function volume({ id, name }: { readonly id: string; readonly name: string }) {
  return { id, name, size: 100, dataCenter: 'US-KS-2', type: 'STANDARD' }
}

/** A serverless endpoint that keeps so many workers. */
export function endpoint(min: number) {
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
