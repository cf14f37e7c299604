/** Everything a command may touch outside the engine; tests pass their own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Whether a question can be asked: somebody reads and somebody types. */
  readonly canAsk: boolean
  /** Whether standard input is a terminal. */
  readonly stdinIsTty: boolean
  /** Whether lines on standard output may be redrawn (a terminal that is not dumb). */
  readonly canRedraw: boolean
  /** Whether standard output is a terminal at all: then control sequences of others are inert. */
  readonly stdoutIsTty: boolean
  /** Whether colour is wanted (NO_COLOR, TERM). */
  readonly colour: boolean
  columns(): number
  now(): number
  out(text: string | Uint8Array): void
  err(text: string): void
  /** One line from the terminal; null at its end. Rejects with an AbortError when aborted. */
  ask(question: string, signal?: AbortSignal): Promise<string | null>
  /** The same without echo; Ctrl-C fails with `cancelled`. */
  askHidden(question: string): Promise<string>
  /** All of standard input as text. */
  readStdin(): Promise<string>
  /** Calls back on Ctrl-C until the returned function is called; without a listener it ends the process. */
  onInterrupt(listener: () => void): () => void
}
