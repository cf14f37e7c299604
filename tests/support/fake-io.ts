import { SubletError } from '../../main/domain/errors.ts'
import type { Io } from '../../main/cli/io.ts'
import { now } from './fake-facts.ts'

/** A terminal, or none, that remembers what was written and answers as told. */
export class FakeIo implements Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly canAsk: boolean
  readonly stdinIsTty: boolean
  readonly canRedraw: boolean
  readonly stdoutIsTty: boolean
  readonly colour = false
  readonly answers: string[]
  readonly questions: string[] = []
  stdin: string
  #passedMs = 0
  #stdout: Buffer[] = []
  #stderr = ''
  readonly #listeners = new Set<() => void>()

  constructor(
    options: {
      readonly terminal?: boolean
      readonly answers?: readonly string[]
      readonly stdin?: string
      readonly cwd?: string
      readonly env?: Readonly<Record<string, string>>
    } = {},
  ) {
    const terminal = options.terminal === true
    this.canAsk = terminal
    this.stdinIsTty = terminal
    this.canRedraw = terminal
    this.stdoutIsTty = terminal
    this.answers = [...(options.answers ?? [])]
    this.stdin = options.stdin ?? ''
    this.cwd = options.cwd ?? '/nowhere'
    this.env = { SUBLET_HOME: '/home/fake', ...options.env }
  }

  get stdout(): string {
    return Buffer.concat(this.#stdout).toString('utf8')
  }

  get stderr(): string {
    return this.#stderr
  }

  /** The standard output as JSON, line by line. */
  get events(): Record<string, unknown>[] {
    const lines = this.stdout.split('\n').filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  columns(): number {
    return 80
  }

  now(): number {
    return now + this.#passedMs
  }

  /** Moves the clock on. */
  pass(durationMs: number): void {
    this.#passedMs += durationMs
  }

  out(text: string | Uint8Array): void {
    this.#stdout.push(Buffer.from(text as Uint8Array))
  }

  err(text: string): void {
    this.#stderr += text
  }

  async ask(question: string, signal?: AbortSignal): Promise<string | null> {
    this.questions.push(question)
    const answer = this.answers.shift()
    if (answer !== undefined) return answer
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })
  }

  async askHidden(question: string): Promise<string> {
    this.questions.push(question)
    const answer = this.answers.shift()
    if (answer === undefined) throw new SubletError('cancelled', 'Nobody answered.')
    return answer
  }

  async readStdin(): Promise<string> {
    return this.stdin
  }

  onInterrupt(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Presses Ctrl-C. */
  interrupt(): void {
    for (const listener of this.#listeners) listener()
  }
}
