import type { Clock } from '../../../main/domain/clock.ts'

/** A misbehaviour of the world behind the API. Times in engine time. */
export interface WorldFault {
  readonly kind:
    | 'invisible'
    | 'lingering'
    | 'slow-release'
    | 'leftover-disk'
    | 'leftover-address'
    | 'leftover-spot-request'
    | 'never-boots'
    | 'boot-fails'
  /** How long, for those that last. */
  readonly ms?: number
}

export type MachineState = 'booting' | 'running' | 'failed' | 'ending' | 'ended'

/** One machine of a fake cloud; `facts` is what its API was told. */
export interface FakeMachine<Facts> {
  readonly id: string
  /** What we called it. */
  readonly name: string
  readonly facts: Facts
  readonly createdAt: number
  readonly runsAt: number
  readonly visibleAt: number
  readonly fails: boolean
  /** Its end takes this long, and it is listed for so long after. */
  endsInMs: number
  lingersMs: number
  endAskedAt: number | null
  /** A spot machine is taken back at this time. */
  reclaimAt: number | null
}

export interface FakeMachinesOptions {
  readonly bootMs: number
  /** How its ids look. */
  readonly newId: (count: number) => string
}

/** The machines of a fake cloud: they boot, run, end, and misbehave, by the clock alone. */
export class FakeMachines<Facts> {
  readonly #clock: Clock
  readonly #options: FakeMachinesOptions
  readonly #machines: FakeMachine<Facts>[] = []
  #faults: WorldFault[] = []

  constructor(clock: Clock, options: FakeMachinesOptions) {
    this.#clock = clock
    this.#options = options
  }

  /** Strikes the next launch or end that it fits. */
  plant(fault: WorldFault): void {
    this.#faults.push(fault)
  }

  clear(): void {
    this.#faults = []
  }

  /** The next planted fault of a kind, off the board; for what a fake does by itself (left-overs). */
  take(kind: WorldFault['kind']): WorldFault | undefined {
    const index = this.#faults.findIndex((fault) => fault.kind === kind)
    return index === -1 ? undefined : this.#faults.splice(index, 1)[0]
  }

  launch(name: string, facts: Facts): FakeMachine<Facts> {
    const now = this.#clock.now()
    const never = this.take('never-boots') !== undefined
    const machine: FakeMachine<Facts> = {
      id: this.#options.newId(this.#machines.length + 1),
      name,
      facts,
      createdAt: now,
      runsAt: never ? Infinity : now + this.#options.bootMs,
      visibleAt: now + (this.take('invisible')?.ms ?? 0),
      fails: this.take('boot-fails') !== undefined,
      endsInMs: 0,
      lingersMs: 0,
      endAskedAt: null,
      reclaimAt: null,
    }
    this.#machines.push(machine)
    return machine
  }

  stateOf(machine: FakeMachine<Facts>): MachineState {
    const now = this.#clock.now()
    if (machine.reclaimAt !== null && now >= machine.reclaimAt) return 'ended'
    if (machine.endAskedAt !== null) {
      return now >= machine.endAskedAt + machine.endsInMs ? 'ended' : 'ending'
    }
    if (now < machine.runsAt) return 'booting'
    return machine.fails ? 'failed' : 'running'
  }

  /** As its API says: one that lingers is ending for a while after its end. */
  shownStateOf(machine: FakeMachine<Facts>): MachineState {
    const state = this.stateOf(machine)
    return state === 'ended' && this.#lingers(machine) ? 'ending' : state
  }

  /** Asks for its end; again is the same. */
  end(machine: FakeMachine<Facts>): void {
    if (machine.endAskedAt !== null) return
    machine.endAskedAt = this.#clock.now()
    machine.endsInMs = this.take('slow-release')?.ms ?? 0
    machine.lingersMs = this.take('lingering')?.ms ?? 0
  }

  /** What the API knows by id: whatever was ever visible. */
  byId(id: string): FakeMachine<Facts> | undefined {
    return this.#machines.find((one) => one.id === id && this.#isVisible(one))
  }

  /** What the API lists: not yet visible ones are missing, ended ones linger where they were told to. */
  listed(): readonly FakeMachine<Facts>[] {
    return this.#machines.filter(
      (machine) =>
        this.#isVisible(machine) && (this.stateOf(machine) !== 'ended' || this.#lingers(machine)),
    )
  }

  /** Every machine that there ever was, for the test. */
  all(): readonly FakeMachine<Facts>[] {
    return this.#machines
  }

  /** Machines that exist, whatever the API says. */
  live(): number {
    return this.#machines.filter((machine) => this.stateOf(machine) !== 'ended').length
  }

  /** The machine of a rental that is not ended. */
  ofRental(rentalId: string): FakeMachine<Facts> {
    const found = this.#machines.findLast(
      (one) => one.name === rentalId && this.stateOf(one) !== 'ended',
    )
    if (found === undefined) throw new Error(`No machine of ${rentalId}.`)
    return found
  }

  #lingers({ endAskedAt, lingersMs }: FakeMachine<Facts>): boolean {
    return endAskedAt !== null && this.#clock.now() < endAskedAt + lingersMs
  }

  #isVisible(machine: FakeMachine<Facts>): boolean {
    return this.#clock.now() >= machine.visibleAt
  }
}
