import { z } from 'zod'
import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'
import { shellQuote, shellWords } from '../../domain/shell-quote.ts'
import type { ExecOptions, Machine } from '../machine.ts'
import { encodeEnvironment } from './environment-lines.ts'
import { failedVerb, followCommand, type LogChunk } from './follow.ts'
import { installSupervisor, supervisorScript, type SupervisorScript } from './install.ts'
import { MetricsParser } from './metrics.ts'
import {
  attemptStatusSchema,
  leaseStatusSchema,
  parseAnswer,
  type AttemptStatus,
  type LeaseStatus,
} from './protocol.ts'

/** Physical seconds; what is left out stays as it was. `endsInS` counts from now. */
export interface LeaseTerms {
  readonly endsInS?: number
  readonly afterExitS?: number
  /** 0 turns the idle end off. */
  readonly idleS?: number
  readonly graceS?: number
  /** Disk and network traffic above this counts as work; 64 by default. */
  readonly busyKibPerS?: number
}

export interface AttemptFiles {
  readonly attemptId: string
  readonly rentalId: string
  /** A POSIX sh script; it becomes the job's main process. */
  readonly runScript: string
  /** Indices in nvidia-smi's order; null leaves all visible, none hides all. */
  readonly gpus: readonly number[] | null
  /** Sent before the lease ends the job, when no client is there; absent: USR1 to a job that catches it. */
  readonly checkpointSignal?: string | null
}

/** A machine whose disk hangs must not hold up its release. Physical time. */
const verbTimeoutMs = 60_000
/** Of the metrics, handed out at once. */
const metricsPieceBytes = 16 * 1024

export interface SupervisorOptions {
  /** How the machine's shell is called, `sh` by default. */
  readonly shell?: string
  /** Settings for tests, see the script's head. */
  readonly environment?: Readonly<Record<string, string>>
}

export interface MetricsChunk {
  /** Where to go on after a cut: the first byte that belongs to no sample handed out yet. */
  readonly nextOffset: number
  readonly samples: readonly MetricsSample[]
  /** Lines that were garbage, in this stream. */
  readonly dropped: number
}

/**
 * Typed verbs of the supervisor on one machine. Every call may be repeated after `unreachable`.
 * Other errors: `not-found` (no such attempt or rental), `disk-full`, `invalid` (answers that make
 * no sense), `unavailable`.
 */
export class Supervisor {
  readonly #machine: Machine
  readonly #script: SupervisorScript
  readonly #prefix: string

  constructor(machine: Machine, options: SupervisorOptions = {}) {
    const shell = options.shell ?? 'sh'
    this.#machine = machine
    this.#script = supervisorScript()
    const settings = { ...(shell === 'sh' ? {} : { SUBLET_SH: shell }), ...options.environment }
    const assignments = Object.entries(settings).map(
      ([name, value]) => `${name}=${shellQuote(value)}`,
    )
    this.#prefix = [...assignments, shell, `"$HOME"/.sublet/${this.#script.fileName}`].join(' ')
  }

  /** Puts the script on the machine unless it is there; the first call on every machine. */
  async install(options: ExecOptions = {}): Promise<void> {
    await installSupervisor(this.#machine, this.#script, options)
  }

  /** Sets or renews the lease and starts its watchdog. Answers what was read back. */
  async setLease(rentalId: string, terms: LeaseTerms, options?: ExecOptions): Promise<LeaseStatus> {
    const pairs = [
      pair('endsInS', terms.endsInS),
      pair('afterExitS', terms.afterExitS),
      pair('idleS', terms.idleS),
      pair('graceS', terms.graceS),
      pair('busyKiBps', terms.busyKibPerS),
      ...(terms.endsInS === undefined ? [] : pair('nowS', Date.now() / 1000)),
    ].flat()
    return this.#lease(await this.#ask(['lease-set', rentalId, ...pairs], options))
  }

  async readLease(rentalId: string, options?: ExecOptions): Promise<LeaseStatus> {
    return this.#lease(await this.#ask(['lease-read', rentalId], options))
  }

  /** Writes the script (sh) that ends this machine at its provider; 0700, by standard input. */
  async writeHook(rentalId: string, script: string, options?: ExecOptions): Promise<void> {
    await this.#ask(['hook', rentalId], options, script)
  }

  /** Makes the attempt's folders and run script; absolute path of its folder. */
  async prepareAttempt(files: AttemptFiles, options?: ExecOptions): Promise<string> {
    const { attemptId, rentalId, gpus } = files
    const list = gpus === null ? [] : [gpus.length === 0 ? 'none' : gpus.join(',')]
    const signal = files.checkpointSignal ?? null
    const words = signal === null ? list : [list[0] ?? '', signal]
    const answer = await this.#ask(
      ['prepare', attemptId, rentalId, ...words],
      options,
      files.runScript,
    )
    return parseAnswer(answer, z.object({ folder: z.string().min(1) }), this.#machine.label).folder
  }

  /** Starts the job once, however often it is called. The environment travels by standard input. */
  async startAttempt(
    attemptId: string,
    environment: Readonly<Record<string, string>>,
    options?: ExecOptions,
  ): Promise<AttemptStatus> {
    const answer = await this.#ask(['start', attemptId], options, encodeEnvironment(environment))
    return parseAnswer(answer, attemptStatusSchema, this.#machine.label)
  }

  async attemptStatus(attemptId: string, options?: ExecOptions): Promise<AttemptStatus> {
    const answer = await this.#ask(['status', attemptId], options)
    return parseAnswer(answer, attemptStatusSchema, this.#machine.label)
  }

  /**
   * The log's bytes from `offset` on, until the job has ended and all are out. Throws `unreachable`
   * on a cut: call again with the offset after the last piece.
   */
  followLog(attemptId: string, offset: number, signal: AbortSignal): AsyncIterable<LogChunk> {
    const command = this.#command(['log', attemptId, String(offset), 'follow'])
    return followCommand(this.#machine, command, offset, signal)
  }

  /** Like `followLog`, for the samples. Garbage is counted and dropped. */
  async *followMetrics(
    attemptId: string,
    offset: number,
    signal: AbortSignal,
  ): AsyncGenerator<MetricsChunk> {
    const parser = new MetricsParser()
    const command = this.#command(['metrics', attemptId, String(offset), 'follow'])
    for await (const chunk of followCommand(this.#machine, command, offset, signal)) {
      // In pieces: a machine that floods would else make batches that nobody can read again.
      for (let at = 0; at < chunk.bytes.length; at += metricsPieceBytes) {
        const piece = chunk.bytes.subarray(at, at + metricsPieceBytes)
        const samples = parser.push(piece)
        const nextOffset = chunk.offset + at + piece.length - parser.pendingBytes
        yield { nextOffset, samples, dropped: parser.dropped }
      }
    }
  }

  /** TERM to everything the attempt started, KILL after the grace. Returns when none is left. */
  async stopAttempt(attemptId: string, graceS: number, options?: ExecOptions): Promise<void> {
    const timeoutMs = graceS * 1_000 + verbTimeoutMs
    await this.#ask(['stop', attemptId, whole(graceS)], { timeoutMs, ...options })
  }

  /** Signals the main process only, if it catches the signal or the job declared it. */
  async checkpoint(
    attemptId: string,
    name: 'USR1' | 'USR2' | 'INT' | 'TERM',
    declared: boolean,
    options?: ExecOptions,
  ): Promise<boolean> {
    const words = ['checkpoint', attemptId, name, ...(declared ? ['force'] : [])]
    const answer = await this.#ask(words, options)
    return (
      parseAnswer(answer, z.object({ sent: z.enum(['yes', 'no']) }), this.#machine.label).sent ===
      'yes'
    )
  }

  /** The results are home: says so to the watchdog, whose hold begins anew for the next job. */
  async markCollected(attemptId: string, options?: ExecOptions): Promise<void> {
    await this.#ask(['collected', attemptId], options)
  }

  /** Ends all processes of the rental, its watchdog too, and removes its folders. */
  async sweepRental(rentalId: string, options?: ExecOptions): Promise<void> {
    await this.#ask(['sweep', rentalId], options)
  }

  #command(words: readonly string[]): string {
    return `${this.#prefix} ${shellWords(words)}`
  }

  #lease(answer: string): LeaseStatus {
    return parseAnswer(answer, leaseStatusSchema, this.#machine.label)
  }

  async #ask(words: readonly string[], options: ExecOptions = {}, stdin = ''): Promise<string> {
    const result = await this.#machine.exec(this.#command(words), {
      timeoutMs: verbTimeoutMs,
      ...options,
      stdin,
    })
    if (result.exitCode !== 0) throw failedVerb(this.#machine, result.exitCode, result.stderr)
    return result.stdout
  }
}

function pair(key: string, value: number | undefined): string[] {
  return value === undefined ? [] : [`${key}=${whole(value)}`]
}

function whole(seconds: number): string {
  return String(Math.max(0, Math.floor(seconds)))
}
