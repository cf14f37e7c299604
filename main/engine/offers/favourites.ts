import { z } from 'zod'
import type { Logger } from '../../domain/logger.ts'
import type { SettingStore } from '../../settings/settings.ts'

const key = 'offers.favourites'
const idsSchema = z.array(z.string())
/** Beyond this the oldest mark goes: the list is one row of the store. */
const mostFavourites = 5_000

/** The offers that the user marked, by id, kept in the store so that every window shares them. */
export class Favourites {
  readonly #store: SettingStore
  readonly #ids: Set<string>

  constructor(store: SettingStore, log: Logger) {
    this.#store = store
    this.#ids = new Set(readIds(store.read(key), log))
  }

  ids(): ReadonlySet<string> {
    return this.#ids
  }

  set(offerId: string, favourite: boolean): void {
    if (favourite) this.#ids.add(offerId)
    else this.#ids.delete(offerId)
    for (const oldest of this.#ids) {
      if (this.#ids.size <= mostFavourites) break
      this.#ids.delete(oldest)
    }
    this.#store.write(key, JSON.stringify([...this.#ids]))
  }
}

function readIds(text: string | null, log: Logger): readonly string[] {
  if (text === null) return []
  try {
    return idsSchema.parse(JSON.parse(text))
  } catch (error) {
    log.warn({ err: error }, 'The stored favourites are not understood; the list starts empty.')
    return []
  }
}
