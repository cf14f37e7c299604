import { OpenApiCheck, type OpenApiCheckOptions } from '../openapi/open-api-check.ts'
import type { Described, Misbehaviour, Planted } from '../../conformance/subject.ts'
import { FaultBoard } from './fault-board.ts'
import type { WorldFault } from './fake-machines.ts'
import { startFakeServer, type FakeApi, type FakeRequest, type FakeServer } from './fake-server.ts'
import { specFile } from './spec-folder.ts'

/** A provider's API with a world behind it: what each fake cloud brings. */
export interface FakeWorld extends FakeApi {
  /** Misbehaviours of the world that this cloud can show; others skip their case aloud. */
  readonly worldFaults: readonly WorldFault['kind'][]
  plantFault(fault: WorldFault): void
  clearFaults(): void
  /** False where the cloud knows no such thing. */
  reclaim(rentalId: string, noticeMs: number): boolean
  vanish(rentalId: string): void
  /** Null where the cloud knows no such thing. */
  plant(what: Planted): string | null
  live(): number
}

export interface FakeCloudOptions {
  /** Called with every request, before anything is done about it. */
  readonly arrived?: (request: FakeRequest) => Promise<void>
  /** The official description among the shared ones; absent where the provider publishes none. */
  readonly spec?: { readonly file: string } & OpenApiCheckOptions
}

/** A fake cloud on 127.0.0.1 that a test can disturb and look into. */
export interface FakeCloud<World extends FakeWorld> {
  readonly url: string
  readonly world: World
  misbehave(what: Misbehaviour): boolean
  behave(): void
  onRequest(listener: () => void): () => void
  described(): Described | null
  close(): Promise<void>
}

/** Starts one. Each has its own world, faults and counts. */
export async function startFakeCloud<World extends FakeWorld>(
  world: World,
  { arrived, spec }: FakeCloudOptions,
): Promise<FakeCloud<World>> {
  const faults = new FaultBoard()
  const listeners = new Set<() => void>()
  const file = spec === undefined ? null : specFile(spec.file)
  // Held against the description when somebody asks: to compile its schemas takes so long that
  // requests of the same process would run into their time limits.
  const seen: Parameters<OpenApiCheck['check']>[] = []
  let check: OpenApiCheck | null = null
  const described = (): Described | null => {
    if (file === null) return null
    check ??= new OpenApiCheck(file, spec)
    for (const [request, answer] of seen.splice(0)) check.check(request, answer)
    return check
  }
  const server: FakeServer = await startFakeServer(world, {
    faults,
    arrived: async (request) => {
      await arrived?.(request)
      for (const listener of listeners) listener()
    },
    seen: (request, answer) => {
      // What the world answers may be a part of it, which goes on changing.
      if (file !== null) seen.push([request, structuredClone(answer)])
    },
  })
  return {
    url: server.url,
    world,
    misbehave: (what) => misbehave(world, faults, what),
    behave: () => {
      faults.clear()
      world.clearFaults()
    },
    onRequest: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    described,
    close: () => server.close(),
  }
}

function misbehave(world: FakeWorld, faults: FaultBoard, what: Misbehaviour): boolean {
  if ('operation' in what) {
    faults.plant(what)
    return true
  }
  if (what.kind === 'reclaim') return world.reclaim(what.rentalId, what.noticeMs)
  if (what.kind === 'vanish') {
    world.vanish(what.rentalId)
    return true
  }
  if (!world.worldFaults.includes(what.kind)) return false
  world.plantFault(what)
  return true
}
