import { mkdtempSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../main/domain/clock.ts'
import type { Provider, ProviderContext, ProviderSession } from '../../main/providers/provider.ts'
import { send } from '../../main/providers/sandbox/api.ts'
import { defaultSandboxDeps, readEndpoint } from '../../main/providers/sandbox/launcher.ts'
import type { SandboxDeps } from '../../main/providers/sandbox/launcher.ts'
import { sandboxAccount, sandboxProvider } from '../../main/providers/sandbox/provider.ts'
import { wireBillableSchema, wireMachineSchema } from '../../main/providers/sandbox/wire.ts'
import { stopSandbox } from '../../main/providers/sandbox/status.ts'
import type { Effect, Operation } from '../../sandbox-cloud/faults.ts'
import { readClock } from '../../sandbox-cloud/clock.ts'
import { eventually } from './eventually.ts'

/** The sandbox's control API. Paths are relative to `/control/`. */
export interface SandboxControl {
  post(path: string, body: unknown): Promise<unknown>
  /** Plants a fault, once unless told otherwise (`remaining: null` until cleared). */
  fault(
    effect: Effect,
    limit?: { operation?: Operation; type?: string; remaining?: number | null },
  ): Promise<void>
  clearFaults(): Promise<void>
  /** Fills the price list up to so many offers with variations of its own. */
  offerCount(size: number): Promise<void>
  /** How many planted faults have not struck yet. */
  faultsLeft(): Promise<number>
  /** Acts on one machine by id or name: `reclaim`, `vanish`, `host-key`, `network`, `disk`. */
  machine(idOrName: string, action: string, body?: unknown): Promise<void>
  machines(): Promise<readonly z.infer<typeof machineSchema>[]>
  /** Machines, disks, addresses and spot requests that cost money now, however long the customer's list hides them. */
  billables(): Promise<readonly z.infer<typeof wireBillableSchema>[]>
  /** A machine that nobody rented through Sublet, whatever its name; answers its id. */
  plantMachine(launch: {
    readonly name: string
    readonly type: string
    readonly region: string
    readonly publicKey: string
    readonly tags?: Readonly<Record<string, string>>
  }): Promise<string>
  /** A disk, an address or a spot request of its own; answers its id. */
  plantExtra(extra: {
    readonly kind: 'disk' | 'address' | 'spot-request'
    readonly name: string
    readonly microsPerHour: number | null
    readonly tags?: Readonly<Record<string, string>>
    readonly machineId?: string
  }): Promise<string>
}

const idSchema = z.looseObject({ id: z.string() })
const machineSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  ssh: z.object({ port: z.int(), hostKeys: z.array(z.string()) }).nullable(),
  endedAt: z.int().nullable(),
  billing: wireMachineSchema.shape.billing,
})

/** A sandbox of the test's own: starts by the first call of its session. */
export interface TestSandbox {
  readonly stateDir: string
  readonly deps: SandboxDeps
  readonly clock: Clock
  readonly context: ProviderContext
  readonly provider: Provider
  readonly session: ProviderSession
  readonly control: SandboxControl
  /** Process id of the running program; null when it does not run. */
  pid(): number | null
  /** Ends it with all its machines and removes its folder. */
  stop(): Promise<void>
}

export interface TestSandboxOptions {
  /** How many times faster than real time; 1 by default. */
  readonly speed?: number
  readonly idleMs?: number
  readonly requestTimeoutMs?: number
}

const forever = new AbortController().signal

/** Prepares a sandbox in a temporary folder. */
export function testSandbox(options: TestSandboxOptions = {}): TestSandbox {
  const stateDir = mkdtempSync(join(tmpdir(), 'sublet-sandbox-'))
  const spec = options.speed === undefined ? undefined : `${options.speed}@${Date.now()}`
  const standard = defaultSandboxDeps()
  const deps: SandboxDeps = {
    ...standard,
    environment: { ...standard.environment, ...(spec === undefined ? {} : { SUBLET_CLOCK: spec }) },
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
  }
  const clock = testClock(spec)
  const context: ProviderContext = {
    clock,
    homeId: 'home-of-this-test',
    stateDir,
    environment: {},
    log: () => undefined,
  }
  const provider = sandboxProvider(deps)
  const session = provider.connect(sandboxAccount, context)
  const pid = (): number | null => readEndpoint(stateDir)?.pid ?? null
  return {
    stateDir,
    deps,
    clock,
    context,
    provider,
    session,
    pid,
    control: sandboxControl(stateDir, () => session.check(forever)),
    stop: async () => {
      const running = pid()
      await stopSandbox(stateDir, { force: true })
      if (running !== null)
        await eventually(() => !isAlive(running), { what: 'the sandbox to end' })
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

/** Engine time as the sandbox counts it. */
export function testClock(spec: string | undefined): Clock {
  const clock = readClock(spec)
  return {
    now: () => clock.now(),
    realMs: (durationMs) => clock.realMs(durationMs),
    sleep: (durationMs, signal) =>
      delay(clock.realMs(durationMs), undefined, signal === undefined ? {} : { signal }),
  }
}

/** Controls the sandbox of a state folder; `start` runs first where there is none yet. */
export function sandboxControl(stateDir: string, start: () => Promise<unknown>): SandboxControl {
  const ask = async <T extends z.ZodType>(
    schema: T,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<z.infer<T>> => {
    if (readEndpoint(stateDir) === null) await start()
    const endpoint = readEndpoint(stateDir)
    if (endpoint === null) throw new Error('The sandbox does not run.')
    return send(
      schema,
      endpoint,
      { method, path: `/control/${path}`, ...(body === undefined ? {} : { body }) },
      10_000,
      forever,
    )
  }
  return {
    post: (path, body) => ask(z.unknown(), 'POST', path, body),
    fault: async (effect, limit = {}) => {
      await ask(z.unknown(), 'POST', 'faults', { effect, ...limit })
    },
    clearFaults: async () => {
      await ask(z.unknown(), 'DELETE', 'faults')
    },
    offerCount: async (size) => {
      await ask(z.unknown(), 'POST', 'catalogue', { size })
    },
    faultsLeft: async () => (await ask(z.array(z.unknown()), 'GET', 'faults')).length,
    machine: async (idOrName, action, body = {}) => {
      await ask(z.unknown(), 'POST', `machines/${idOrName}/${action}`, body)
    },
    plantMachine: async (launch) => (await ask(idSchema, 'POST', 'machines', launch)).id,
    plantExtra: async (extra) => (await ask(idSchema, 'POST', 'extras', extra)).id,
    machines: () => ask(z.array(machineSchema), 'GET', 'machines'),
    billables: () => ask(z.array(wireBillableSchema), 'GET', 'billables'),
  }
}

/** Whether a process is there (a zombie of ours counts until it is reaped). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // ESRCH: it is gone.
    return false
  }
}
