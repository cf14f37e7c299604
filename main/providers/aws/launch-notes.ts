import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RentalId } from '../../../preload/contract/rental.ts'

const noteSchema = z.object({ zone: z.string() })

/**
 * The zone in which a rental's launch was tried last, noted before it is asked for: a launch whose
 * effect is unknown is repeated there, as its token holds for one zone only.
 */
export class LaunchNotes {
  readonly #dir: string

  constructor(stateDir: string) {
    this.#dir = join(stateDir, 'launches')
  }

  async zoneOf(rentalId: RentalId): Promise<string | null> {
    try {
      return noteSchema.parse(JSON.parse(await readFile(this.#file(rentalId), 'utf8'))).zone
    } catch {
      return null // Never tried; or the note is damaged, and the tag still finds the machine.
    }
  }

  async note(rentalId: RentalId, zone: string): Promise<void> {
    await mkdir(this.#dir, { recursive: true })
    const partial = `${this.#file(rentalId)}.new`
    await writeFile(partial, JSON.stringify({ zone }))
    await rename(partial, this.#file(rentalId))
  }

  async forget(rentalId: RentalId): Promise<void> {
    await rm(this.#file(rentalId), { force: true })
  }

  #file(rentalId: RentalId): string {
    return join(this.#dir, `${rentalId}.json`)
  }
}
