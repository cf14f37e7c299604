import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RentalId } from '../../../preload/contract/rental.ts'

const noteSchema = z.object({
  /**
   * Where the launch was tried last, noted before it is asked for: one whose effect is unknown is
   * repeated there, as its token holds for one zone only.
   */
  zone: z.string(),
  /** Whom port 22 was opened to last; null where that was everybody. */
  address: z.string().nullable(),
  /** The number of the account that the machine was rented by, once EC2 has answered. */
  owner: z.string().exactOptional(),
})
export type LaunchNote = z.infer<typeof noteSchema>

/** What must be remembered of a rental from its launch to its receipt, in the provider's folder. */
export class LaunchNotes {
  readonly #dir: string

  constructor(stateDir: string) {
    this.#dir = join(stateDir, 'launches')
  }

  /** Null for one that was never tried here, or whose note is damaged: its tag still finds it. */
  async read(rentalId: RentalId): Promise<LaunchNote | null> {
    try {
      return noteSchema.parse(JSON.parse(await readFile(this.#file(rentalId), 'utf8')))
    } catch {
      return null // As said above; whoever needs a note can do without.
    }
  }

  async write(rentalId: RentalId, note: LaunchNote): Promise<void> {
    await mkdir(this.#dir, { recursive: true })
    const partial = `${this.#file(rentalId)}.new`
    await writeFile(partial, JSON.stringify(note))
    await rename(partial, this.#file(rentalId))
  }

  async forget(rentalId: RentalId): Promise<void> {
    await rm(this.#file(rentalId), { force: true })
  }

  #file(rentalId: RentalId): string {
    return join(this.#dir, `${rentalId}.json`)
  }
}
