import type { Receipt, RentalId } from '../../preload/contract/rental.ts'
import type { Clock } from '../../main/domain/clock.ts'
import { SubletError } from '../../main/domain/errors.ts'
import type {
  Capabilities,
  Instance,
  LaunchRequest,
  ProviderSession,
  RentalRef,
} from '../../main/providers/provider.ts'

/** What a call of `launch` meets: an answer, a refusal, or none with or without its effect. */
export const launchOutcomes = ['works', 'is refused', 'fails before', 'fails after'] as const

export interface LaunchFate {
  readonly outcome: (typeof launchOutcomes)[number]
  /** From the call until it takes effect, which it does though the caller has died. */
  readonly latencyMs: number
  /** From its effect until the cloud shows the machine; at most `visibleWithinMs`. */
  readonly hiddenMs: number
}

export interface CloudMachine {
  readonly id: string
  readonly name: RentalId
  readonly launchedAt: number
  /** The cloud's own lists and lookups do not show it before. */
  readonly visibleAt: number
  endedAt: number | null
}

/** The time within which the cloud promises to show what was launched. */
export const visibleWithinMs = 15_000

/**
 * A cloud without idempotency token, the hardest kind: a launch whose name it does not show yet
 * makes a second machine. Lives through the deaths of engines.
 */
export class DoubtfulCloud {
  readonly machines: CloudMachine[] = []
  readonly #clock: Clock
  readonly #fates: LaunchFate[]

  /** Each call of `launch` takes the next of `fates`; when they are used up, all goes well. */
  constructor(clock: Clock, fates: readonly LaunchFate[]) {
    this.#clock = clock
    this.#fates = [...fates]
  }

  readonly capabilities: Capabilities = {
    spot: true,
    userData: true,
    tags: true,
    image: true,
    launchKey: 'lookup',
    visibleWithinMs,
    selfTermination: true,
    expiry: true,
    hostKey: 'published',
    shared: false,
  }

  /** A session of one engine: `isDead` says that it must not be answered any more. */
  session(isDead: () => boolean): ProviderSession {
    const asked = async <T>(answer: () => T): Promise<T> => {
      await new Promise((resolve) => setImmediate(resolve))
      return isDead() ? await never<T>() : answer()
    }
    const session: Pick<ProviderSession, 'launch' | 'describe' | 'release' | 'list'> = {
      launch: async (request, signal) => {
        if (isDead()) return await never()
        signal.throwIfAborted()
        // Giving up does not take the request back.
        const given = Promise.withResolvers<never>()
        signal.addEventListener('abort', () => given.reject(signal.reason), { once: true })
        return await asked(await Promise.race([this.#launch(request), given.promise]))
      },
      describe: async (rental) => await asked(() => instanceOf(this.#mustFind(rental))),
      release: async (rental) => await asked(() => this.#release(rental)),
      list: () => noBillables(),
    }
    return session as ProviderSession
  }

  /** Resolves when it has had its effect, with what the caller then hears. */
  async #launch({ rentalId }: LaunchRequest): Promise<() => Instance> {
    const { outcome, latencyMs, hiddenMs } = this.#fates.shift() ?? plain
    await this.#clock.sleep(latencyMs)
    const fail = (code: 'no-capacity' | 'unavailable', message: string) => () => {
      throw new SubletError(code, message)
    }
    if (outcome === 'is refused') return fail('no-capacity', 'No machine is free.')
    if (outcome === 'fails before') return fail('unavailable', 'The cloud is down.')
    const machine = this.#visible(rentalId)[0] ?? this.#make(rentalId, hiddenMs)
    if (outcome === 'fails after') return fail('unavailable', 'The answer was lost.')
    return () => instanceOf(machine)
  }

  #make(name: RentalId, hiddenMs: number): CloudMachine {
    const now = this.#clock.now()
    const machine: CloudMachine = {
      id: `i-${this.machines.length + 1}`,
      name,
      launchedAt: now,
      visibleAt: now + hiddenMs,
      endedAt: null,
    }
    this.machines.push(machine)
    return machine
  }

  #release(rental: RentalRef) {
    const now = this.#clock.now()
    const found = this.#visible(rental.rentalId)
    for (const machine of found) machine.endedAt ??= now
    const mayAppear = !rental.seen && now < rental.launchedAt + visibleWithinMs
    if (found.length === 0 && mayAppear) {
      return { kind: 'pending', message: 'It may still appear.', pollAfterMs: 1_000 } as const
    }
    return { kind: 'receipt', receipt: receiptOf(rental, found[0], now) } as const
  }

  #mustFind({ rentalId }: RentalRef): CloudMachine {
    const [machine] = this.#visible(rentalId)
    if (machine === undefined) throw new SubletError('not-found', 'There is no such machine.')
    return machine
  }

  #visible(name: RentalId): CloudMachine[] {
    const now = this.#clock.now()
    return this.machines.filter((one) => one.name === name && one.visibleAt <= now)
  }
}

const plain: LaunchFate = { outcome: 'works', latencyMs: 0, hiddenMs: 0 }

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

async function* noBillables() {}

function instanceOf(machine: CloudMachine): Instance {
  return {
    rentalId: machine.name,
    instanceId: machine.id,
    state: machine.endedAt === null ? 'running' : 'gone',
    message: null,
    ssh: { host: '127.0.0.1', port: 22, user: 'ubuntu', hostKeys: [] },
    microsPerHour: 1,
    gpuIndices: null,
    billedFrom: machine.launchedAt,
    reclaimAt: null,
  }
}

function receiptOf(rental: RentalRef, machine: CloudMachine | undefined, now: number): Receipt {
  return {
    rentalId: rental.rentalId,
    providerId: 'sandbox',
    accountId: 'sandbox',
    instanceId: machine?.id ?? rental.instanceId,
    confirmedAt: now,
    billedFrom: null,
    billedTo: null,
    billedMicros: null,
    evidence: [{ asked: `list ${rental.rentalId}`, answered: 'nothing', at: now }],
  }
}
