import type { Billable } from '../../../preload/contract/rental.ts'
import type { ServiceParts } from './context.ts'

/** Whose a billable is and how it can be ended, as `instances.list` answers it. */
export interface ReleaseWay {
  readonly release: 'now' | 'name' | 'elsewhere'
  readonly releaseSentence: string
  readonly link: string | null
}

type Parts = Pick<ServiceParts, 'journal' | 'providers' | 'homeId'>

/**
 * Ours is released at once; another Sublet's by its typed name, because the provider finds it by
 * the rental's name; anything else only at the provider, because nothing says what belongs to it.
 */
export function releaseWay({ journal, providers, homeId }: Parts, one: Billable): ReleaseWay {
  const about = providers.about(one.providerId)
  const link = about.consoleLink ?? null
  if (one.rentalId === null) {
    const where = link === null ? `at ${about.name}` : `on ${about.name}’s own page`
    const sentence = `Not made by Sublet, so Sublet does not touch it: end it ${where}.`
    return { release: 'elsewhere', releaseSentence: sentence, link }
  }
  if (journal.knowsRental(one.rentalId)) {
    // Nobody asks for it again by itself, so that the user must be able to.
    if (journal.rental(one.rentalId).phase === 'released') {
      const sentence = `${about.name} shows it although its receipt says that it is gone. Type its name to release it again.`
      return { release: 'name', releaseSentence: sentence, link }
    }
    return { release: 'now', releaseSentence: 'Rented by this Sublet.', link }
  }
  const whose =
    one.homeId === homeId
      ? 'Rented by this Sublet, which no longer knows what for.'
      : 'Rented by another Sublet, perhaps on another computer.'
  const sentence = `${whose} Type its name to release it; what runs there is lost.`
  return { release: 'name', releaseSentence: sentence, link }
}
