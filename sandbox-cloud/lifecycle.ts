import type { SandboxClock } from './clock.ts'
import { addressMicrosPerHour, type Extras } from './extras.ts'
import type { Faults } from './faults.ts'
import type { MachineHost } from './machine/host.ts'
import type { Machines } from './machines.ts'
import type { MachineRecord } from './records.ts'

/** Requests from machines are looked for at least this often (physical time). */
const longestWaitMs = 2000

/**
 * Lets time pass for the machines: boots them when it is time, ends them when they expire, are
 * taken back or ask for it. Every step is on disk before its effect, so it resumes after a crash.
 */
export class Lifecycle {
  readonly #clock: SandboxClock
  readonly #machines: Machines
  readonly #host: MachineHost
  readonly #extras: Extras
  readonly #faults: Faults
  readonly #log: (message: string) => void
  /** Machines whose boot or teardown is under way in this process. */
  readonly #working = new Map<string, Promise<void>>()
  #timer: NodeJS.Timeout | null = null
  #closed = false

  constructor(parts: {
    readonly clock: SandboxClock
    readonly machines: Machines
    readonly host: MachineHost
    readonly extras: Extras
    readonly faults: Faults
    readonly log: (message: string) => void
  }) {
    this.#clock = parts.clock
    this.#machines = parts.machines
    this.#host = parts.host
    this.#extras = parts.extras
    this.#faults = parts.faults
    this.#log = parts.log
  }

  /** Takes up what an earlier process left: SSH servers come back, teardowns go on. */
  async resume(): Promise<void> {
    this.#sweep()
    const running = this.#machines
      .all()
      .filter(({ state, id }) => state === 'running' && !this.#working.has(id))
    for (const record of running) {
      const port = await this.#host.start(record, false)
      if (port !== record.port) this.#machines.update(record.id, { port })
    }
    this.schedule()
  }

  /** Does what is due without waiting for the timer. */
  lookNow(): void {
    if (this.#closed) return
    this.#sweep()
    this.schedule()
  }

  /** To be called whenever something may be due earlier than before. */
  schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#closed) return
    const now = this.#clock.now()
    const next = Math.min(...this.#machines.live().map((record) => nextDue(record)))
    const waitMs = Math.min(longestWaitMs, Math.max(1, this.#clock.realMs(next - now)))
    this.#timer = setTimeout(() => this.lookNow(), waitMs)
  }

  /** Ends a machine; resolves when it is ended or, if told to be slow, on its way. Idempotent. */
  async end(id: string, at: number, message: string): Promise<void> {
    const record = this.#machines.mustBe(id)
    if (record.state === 'ended') return
    if (record.state !== 'releasing') {
      const slow = this.#faults.world('slow-release', record.type)?.ms ?? 0
      this.#machines.update(id, {
        state: 'releasing',
        message,
        endedAt: record.endedAt ?? at,
        releasedAt: at + slow,
        egressBytes: record.egressBytes + (this.#host.network(id)?.takeBytesOut() ?? 0),
      })
    }
    await this.#working.get(id)
    await this.#finishRelease(id)
    this.schedule()
  }

  /** No more timers; work under way is waited for. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await Promise.allSettled(this.#working.values())
  }

  #sweep(): void {
    const now = this.#clock.now()
    for (const record of this.#machines.live()) {
      if (!this.#working.has(record.id)) this.#step(record, now)
    }
  }

  #step(record: MachineRecord, now: number): void {
    if (record.state === 'releasing') {
      if (now >= (record.releasedAt ?? 0))
        this.#work(record.id, () => this.#finishRelease(record.id))
    } else if (record.reclaimAt !== null && record.reclaimAt <= now) {
      this.#endLater(record.id, record.reclaimAt, 'The spot machine was taken back.')
    } else if (record.expiresAt !== null && record.expiresAt <= now) {
      this.#endLater(record.id, record.expiresAt, 'Its time was up.')
    } else if (record.state === 'running' && this.#host.terminationRequested(record)) {
      this.#endLater(record.id, now, 'It ended itself.')
    } else if (record.state === 'booting' && record.bootsAt !== null && record.bootsAt <= now) {
      this.#work(record.id, () => this.#boot(record, record.bootsAt ?? now))
    }
  }

  #endLater(id: string, at: number, message: string): void {
    this.#log(`${id}: ${message}`)
    void this.end(id, at, message).catch((error: unknown) => this.#log(`${id}: ${String(error)}`))
  }

  #work(id: string, task: () => Promise<void>): void {
    const done = task()
      .catch((error: unknown) => this.#log(`${id}: ${String(error)}`))
      .finally(() => {
        this.#working.delete(id)
        this.schedule()
      })
    this.#working.set(id, done)
  }

  async #boot(record: MachineRecord, at: number): Promise<void> {
    if (record.bootFails) {
      this.#machines.update(record.id, {
        state: 'failed',
        endedAt: at,
        message: 'The machine failed to boot.',
      })
      return
    }
    let port: number
    try {
      port = await this.#host.start(record, true)
    } catch (error) {
      const message = `The machine failed to boot: ${String(error)}.`
      this.#machines.update(record.id, { state: 'failed', endedAt: at, message })
      throw error
    }
    // It may have been released while it came up.
    if (this.#machines.mustBe(record.id).state === 'booting') {
      const runningAt = record.runningAt ?? at
      this.#machines.update(record.id, { state: 'running', runningAt, port })
    }
  }

  async #finishRelease(id: string): Promise<void> {
    await this.#host.stop(id)
    const record = this.#machines.mustBe(id)
    const now = this.#clock.now()
    if (record.state !== 'releasing' || now < (record.releasedAt ?? 0)) return
    const lingering = this.#faults.world('lingering', record.type)?.ms
    this.#machines.update(id, {
      state: 'ended',
      diskLeft: record.leaveDisk,
      listedUntil: lingering === undefined ? null : now + lingering,
    })
    for (const kind of record.leaves ?? []) {
      const { name, tags, region } = record
      const microsPerHour = kind === 'address' ? addressMicrosPerHour : null
      const shared = { name, tags, region, machineId: id, createdAt: now }
      this.#extras.add({ ...shared, kind, microsPerHour })
    }
  }

  /** Brings an ended machine back to life, as if its end had never been true. Its meter ran on. */
  revive(id: string): void {
    const now = this.#clock.now()
    this.#machines.update(id, {
      state: 'booting',
      message: null,
      bootsAt: now,
      endedAt: null,
      releasedAt: null,
      expiresAt: null,
      reclaimAt: null,
      listedUntil: null,
    })
    this.schedule()
  }
}

function nextDue(record: MachineRecord): number {
  const times = [
    record.state === 'booting' ? record.bootsAt : null,
    record.state === 'releasing' ? record.releasedAt : record.expiresAt,
    record.reclaimAt,
  ]
  return Math.min(...times.flatMap((time) => time ?? []))
}
