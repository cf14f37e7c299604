import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const rectangle = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })

const rememberedSchema = z.object({
  bounds: rectangle.nullable().catch(null),
  isMaximised: z.boolean().catch(false),
  /** The theme of the last window, for the colour of the next before its page is there. */
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  /** The user has been told once that closing the window leaves the tray. */
  knowsTray: z.boolean().catch(false),
  /** Notices that have been shown, newest last. */
  toldNotices: z.array(z.string()).catch([]),
})
type Values = z.infer<typeof rememberedSchema>

const mostNotices = 500

/** What the desktop app keeps of itself between two starts: one small file, never anything secret. */
export class Remembered {
  readonly #file: string
  #values: Values

  constructor(file: string) {
    this.#file = file
    this.#values = rememberedSchema.parse(read(file))
  }

  get values(): Readonly<Values> {
    return this.#values
  }

  /** Writes at once; the file is whole at every moment. */
  keep(changed: Partial<Values>): void {
    this.#values = { ...this.#values, ...changed }
    const toldNotices = this.#values.toldNotices.slice(-mostNotices)
    mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 })
    writeFileSync(`${this.#file}.new`, JSON.stringify({ ...this.#values, toldNotices }), {
      mode: 0o600,
    })
    renameSync(`${this.#file}.new`, this.#file)
  }
}

function read(file: string): unknown {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {} // The first start, or a file that is worth no more than the defaults.
  }
}
