import { readdir } from 'node:fs/promises'
import { rentalIdSchema } from '../../preload/contract/rental.ts'
import { toWireError } from '../domain/errors.ts'
import type { Logger } from '../domain/logger.ts'
import type { HomePaths } from '../jobs/home-paths.ts'
import type { Journal } from '../jobs/journal/journal.ts'
import type { RentalMachines } from '../jobs/ports.ts'

export interface SweepParts {
  readonly paths: HomePaths
  readonly journal: Pick<Journal, 'knowsRental' | 'rental'>
  readonly machines: Pick<RentalMachines, 'forget'>
  readonly log: Logger
}

/**
 * Removes the private folders of rentals that have their receipt or that the journal does not know:
 * an engine that was killed at the wrong moment leaves a key behind. Called once, before jobs go
 * on. Never fails; what could not be removed is logged and tried again at the next start.
 */
export async function sweepRentals({ paths, journal, machines, log }: SweepParts): Promise<void> {
  try {
    const names = await readdir(paths.rentals).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    for (const name of names) {
      const id = rentalIdSchema.safeParse(name).data
      if (id === undefined) continue
      if (journal.knowsRental(id) && journal.rental(id).phase !== 'released') continue
      await machines.forget(id)
    }
  } catch (thrown) {
    log.warn({ error: toWireError(thrown) }, 'Keys of ended rentals could not be removed')
  }
}
