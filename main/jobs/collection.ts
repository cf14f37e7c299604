import type { Collection } from '../../preload/contract/collection.ts'
import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { collectionOf } from '../domain/collection.ts'
import { lastAttempt, type JobRecord } from '../domain/job/record.ts'
import { holdsRental } from '../domain/job/holds-rental.ts'
import { expectedResults } from './job-size.ts'
import type { Journal } from './journal/journal.ts'
import type { LiveFeed } from './live-feed.ts'
import type { HomeLink } from './ports.ts'

export interface CollectionDeps {
  readonly journal: Journal
  readonly homeLink: Pick<HomeLink, 'speeds'>
}

/** What bringing a job's results home is expected to take before it runs, by the machine. */
export function expectedCollections(
  { journal, homeLink }: CollectionDeps,
  spec: JobSpec,
): (offer: Offer) => Collection {
  const results = expectedResults(journal, spec)
  return (offer) =>
    collectionOf(offer, {
      ...results,
      bytesPerSecond: homeLink.speeds.bytesPerSecond(offer),
    })
}

export interface CollectionNowDeps extends CollectionDeps {
  readonly feed: Pick<LiveFeed, 'weightOf'>
}

/**
 * The same for a job with a machine, as things stand: what is on the machine and not home yet, at
 * least what earlier runs let expect while the job may still write. Null without a machine. Budgets,
 * ends and previews go by this.
 */
export function collectionNow(deps: CollectionNowDeps, job: JobRecord): Collection | null {
  const attempt = holdsRental(job) ? lastAttempt(job) : null
  if (attempt === null || attempt.collectedAt !== null) return null
  const results = attempt.estimate.results ?? expectedResults(deps.journal, job.spec)
  const bytesPerSecond = deps.homeLink.speeds.bytesPerSecond(attempt.offer)
  const expected = collectionOf(attempt.offer, { ...results, bytesPerSecond })
  const weight = deps.feed.weightOf(job.id, attempt.id)
  if (weight === null) return expected
  // What earlier runs let expect, and is not there yet, will have to come home as well.
  const isAll = weight.isLast || expected.sizeFrom === 'assumed'
  const toCome = isAll ? 0 : Math.max(0, expected.bytes - weight.totalBytes)
  return collectionOf(attempt.offer, {
    bytes: weight.missingBytes + toCome,
    sizeFrom: 'machine',
    bytesPerSecond,
  })
}
