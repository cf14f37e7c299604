import type { BillableUse } from '../../../preload/contract/radar.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import type { RentalRecord } from '../rental/record.ts'
import { isOfRental } from './belongs.ts'

/** What the judgement rests on, besides the provider's row. */
export interface Circumstances {
  readonly homeId: string
  /** By the row's name or tag, from this home's journal; null where it does not know it. */
  readonly rental: RentalRecord | null
  readonly provider: {
    readonly name: string
    /** Whether it ends anything listed by its id alone. */
    readonly releasesAnything: boolean
    /** Whether there is a page of the provider's own to send the user to. */
    readonly hasOwnPage: boolean
  }
}

/** Whose a billable is, whether anything needs it, and how it can be ended. */
export interface Judgement {
  /** In this home's journal. */
  readonly ours: boolean
  readonly use: BillableUse
  readonly release: 'now' | 'name' | 'elsewhere'
  readonly sentence: string
  /** Listed again after its receipt: the journal knows it, so it is released by itself. */
  readonly reappeared: boolean
}

/**
 * Judges one row of a provider's list. Released by itself is only what the journal knows; the rest
 * needs the user's word, which is the thing's name, typed.
 */
export function judge(one: Billable, circumstances: Circumstances): Judgement {
  const { homeId, rental, provider } = circumstances
  if (rental !== null && isOfRental(one, rental)) return ourJudgement(rental, provider.name)
  const base = { ours: false, reappeared: false } as const
  if (rental !== null) {
    const sentence = `It carries the name of a machine that this Sublet rented, but is another one: a copy. ${byName(one, provider)}`
    return { ...base, use: 'unused', release: way(provider.releasesAnything), sentence }
  }
  if (one.rentalId !== null) {
    const isHomes = one.homeId === homeId
    const whose = isHomes
      ? 'Rented by this computer’s Sublet, which no longer knows what for: its journal was lost or restored.'
      : 'Rented by another Sublet, perhaps on another computer.'
    // A machine's release finds it by the name that every Sublet gives.
    const can = provider.releasesAnything || one.kind === 'machine'
    const sentence = `${whose} ${can ? typeName(one) : elsewhere(provider)}`
    return { ...base, use: isHomes ? 'unused' : 'stranger', release: way(can), sentence }
  }
  const sentence = `Not made by Sublet, so Sublet does not touch it unasked. ${byName(one, provider)}`
  return { ...base, use: 'stranger', release: way(provider.releasesAnything), sentence }
}

/** What the user types to end something that is not ours: its name, or its id where it has none. */
export function nameToType({ name, nativeId }: Pick<Billable, 'name' | 'nativeId'>): string {
  return name.trim() === '' ? nativeId : name
}

function ourJudgement(rental: RentalRecord, provider: string): Judgement {
  const base = { ours: true, release: 'now', reappeared: false } as const
  switch (rental.phase) {
    case 'released':
      return { ...base, use: 'releasing', reappeared: true, sentence: againWords(provider) }
    case 'releasing':
      return {
        ...base,
        use: 'releasing',
        sentence:
          rental.earlierReceipts.length > 0
            ? againWords(provider)
            : 'Rented by this Sublet; it is being released.',
      }
    case 'intended':
    case 'asked':
    case 'up':
      return { ...base, use: 'in-use', sentence: 'Rented by this Sublet.' }
  }
}

function againWords(provider: string): string {
  return `${provider} lists it again although its receipt says that it is gone: it is being released again.`
}

function way(can: boolean): 'name' | 'elsewhere' {
  return can ? 'name' : 'elsewhere'
}

function byName(one: Billable, provider: Circumstances['provider']): string {
  return provider.releasesAnything ? typeName(one) : elsewhere(provider)
}

function typeName(one: Billable): string {
  return one.kind === 'machine'
    ? 'Type its name to release it; what runs there is lost.'
    : 'Type its name to delete it; what is on it is lost.'
}

function elsewhere({ name, hasOwnPage }: Circumstances['provider']): string {
  return `End it ${hasOwnPage ? `on ${name}’s own page` : `at ${name}`}.`
}
