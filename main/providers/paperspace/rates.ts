import type { Micros } from '../../../preload/contract/money.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import { micros } from '../../domain/money.ts'
import { addressMicrosPerHour, pricesReadAt, typeOf } from './price-list.ts'

export interface Rate extends Pick<Offer, 'source' | 'fetchedAt'> {
  /** With the public address that a machine needs, without its disk. */
  readonly microsPerHour: Micros
}

/**
 * What new machines cost: by the price list, until a new one of the type has said otherwise. One for
 * a provider, as all teams pay the same.
 */
export class Rates {
  readonly #said = new Map<string, Rate>()

  /** Null where nobody knows the type. */
  of(machineType: string): Rate | null {
    const said = this.#said.get(machineType)
    const listed = typeOf(machineType)?.microsPerHour
    if (said !== undefined || listed === undefined) return said ?? null
    const microsPerHour = micros(listed + addressMicrosPerHour)
    return { microsPerHour, source: 'snapshot', fetchedAt: pricesReadAt }
  }

  /** A machine that was just made costs this. */
  learn(machineType: string, microsPerHour: Micros, now: number): void {
    this.#said.set(machineType, { microsPerHour, source: 'live', fetchedAt: now })
  }
}
