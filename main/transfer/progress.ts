/** What a transfer has done so far; totals count only what has to travel. */
export interface Progress {
  readonly bytesDone: number
  /** Of these, what crossed the line in this call: the rest had come before. */
  readonly bytesTravelled: number
  readonly bytesTotal: number
  readonly filesDone: number
  readonly filesTotal: number
}
export type OnProgress = (progress: Progress) => void

const EVERY_MS = 200

/** Counts for one transfer and tells the listener at most five times a second, and at the end. */
export class ProgressMeter {
  #bytesDone = 0
  #bytesBefore = 0
  #filesDone = 0
  #toldAtMs = 0
  readonly #bytesTotal: number
  readonly #filesTotal: number
  readonly #listener: OnProgress | undefined

  constructor(bytesTotal: number, filesTotal: number, listener: OnProgress | undefined) {
    this.#bytesTotal = bytesTotal
    this.#filesTotal = filesTotal
    this.#listener = listener
  }

  add(bytes: number, files = 0): void {
    this.#bytesDone += bytes
    this.#filesDone += files
    const nowMs = performance.now()
    if (nowMs - this.#toldAtMs < EVERY_MS) return
    this.#toldAtMs = nowMs
    this.#tell()
  }

  /** Counts what an earlier call had brought. */
  addBefore(bytes: number, files = 0): void {
    this.#bytesBefore += bytes
    this.add(bytes, files)
  }

  finish(): void {
    this.#tell()
  }

  #tell(): void {
    this.#listener?.({
      bytesDone: this.#bytesDone,
      bytesTravelled: this.#bytesDone - this.#bytesBefore,
      bytesTotal: this.#bytesTotal,
      filesDone: this.#filesDone,
      filesTotal: this.#filesTotal,
    })
  }
}
