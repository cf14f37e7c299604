import type { JobFile } from '../../preload/contract/job-file.ts'
import type { Collection } from '../../preload/contract/collection.ts'
import type { Ceiling } from '../../preload/contract/ceiling.ts'
import type { Estimate } from '../../preload/contract/estimate.ts'
import type { Proposal } from '../../preload/contract/proposal.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { ceilingFor } from '../domain/ceiling.ts'
import { fitsBudget, leaseEnd } from '../domain/budget.ts'
import type { Clock } from '../domain/clock.ts'
import { outputConflict } from '../domain/job/output-conflict.ts'
import { estimate } from '../domain/estimate.ts'
import { promisedVerdict } from '../domain/lease.ts'
import { micros } from '../domain/money.ts'
import { offerFilter } from '../domain/offer-filter.ts'
import { isUnavailable, rankOffers } from '../domain/ranking.ts'
import type { SpendRoom } from './budget-room.ts'
import type { Room } from './room.ts'
import { carriedAmong, isCarried, limitOf, noMoney } from './room-words.ts'
import { expectedCollections } from './collection.ts'
import { earlierRuns } from './history.ts'
import { jobNeeds, jobSize } from './job-size.ts'
import type { Journal } from './journal/journal.ts'
import { nothingFits } from './nothing-fits.ts'
import type { HomeLink, JobSecrets, ProviderAccess } from './ports.ts'
import { runOptions } from './run-options.ts'
import type { Understood } from './understand/understood.ts'
import { wantedOffer } from './wanted-offer.ts'
import { wayWords } from './way-words.ts'
import { warmRentals } from './warm-rentals.ts'
import { weighInputs } from './weigh-inputs.ts'

export interface ProposeDeps {
  readonly clock: Clock
  readonly journal: Journal
  readonly providers: ProviderAccess
  readonly secrets: JobSecrets
  readonly room: SpendRoom
  /** Whether a bucket for results is set. */
  readonly hasBucket: () => boolean
  readonly homeLink: Pick<HomeLink, 'speeds'>
  readonly understand: (
    request: { readonly file: JobFile; readonly baseDir: string },
    signal: AbortSignal,
  ) => Promise<Understood>
  /** What would travel; read from the disk unless something else is sent. */
  readonly weigh?: typeof weighInputs
}

export interface ProposeRequest {
  readonly file: JobFile
  readonly baseDir: string
  /** How many ways to run it are answered at most. */
  readonly shown?: number | undefined
  /** The offer that the user chose. */
  readonly wantedOfferId?: string | undefined
}

const shownOffers = 20
const shownOptions = 8
const excludedWorthSaying = 1_000_000

/** Understands a request, finds offers, prices it. Rents nothing and journals nothing. */
export async function propose(
  deps: ProposeDeps,
  request: ProposeRequest,
  signal: AbortSignal,
): Promise<Proposal> {
  const { clock, journal, providers } = deps
  const understood = await deps.understand(request, signal)
  const conflict = outputConflict(understood.spec.outputDir, journal.openJobs())
  if (conflict !== null) throw conflict
  await deps.secrets.read(understood.spec.secrets)
  const inputs = await (deps.weigh ?? weighInputs)(understood.spec, signal)
  const { needs } = understood.spec
  const gathered = await providers.offers(needs, signal)
  const size = jobSize(journal, understood.spec, inputs.bytes, false)
  const fits = offerFilter(needs)
  const usable = rankOffers(
    gathered.offers.filter((offer) => fits(offer) && !isUnavailable(offer)),
    size,
    understood.spec.preferFast,
  )
  const wanted = wantedOffer(request.wantedOfferId, gathered.offers, request.file, needs)
  const spec =
    wanted.kind === 'taken' ? { ...understood.spec, needs: wanted.needs } : understood.spec
  const warm = warmRentals(
    journal,
    spec,
    spec.limits.maxMicrosPerHour ?? Number.MAX_SAFE_INTEGER,
    clock.now(),
  )[0]
  const candidates = withFirst(warm?.offer, wanted.kind === 'taken' ? [wanted.offer] : usable)
  if (candidates.length === 0) throw nothingFits(gathered.offers, gathered.sources, spec)
  const collection = expectedCollections(deps, spec)
  const room = jobNeeds(spec, inputs.bytes, longest(candidates.map(collection)))
  const affordable = (offer: Offer): boolean => fitsBudget(offer, spec.limits.budgetMicros, room)
  const ceiling = ceilingFor({
    ...room,
    limits: spec.limits,
    offers: candidates,
    now: clock.now(),
  })
  const inside = candidates.filter(
    (offer) => offer.microsPerHour <= ceiling.microsPerHour && affordable(offer),
  )
  const roomFor = (offer: Offer): Room => {
    const own = warm?.offer.id === offer.id ? warm : null
    return deps.room.carries({
      offer,
      diskGiB: Math.max(offer.diskGiB, needs.minDiskGiB ?? 0),
      project: spec.project,
      billedFrom: own?.billedFrom ?? clock.now(),
      egressBytes: (own?.egressBytes ?? 0) + room.downloadBytesGuess,
      most: leaseEnd(
        offer,
        clock.now(),
        ceiling.endBy,
        spec.limits.budgetMicros,
        room.downloadBytesGuess,
      ),
      rentalId: own?.id ?? null,
    })
  }
  const confirmed = carriedAmong(
    inside,
    (offer) => isCarried(roomFor(offer), offer, room, clock.now()),
    shownOffers,
  )
  const best = confirmed[0]
  if (best === undefined) {
    const [first] = inside
    throw first === undefined
      ? nothingFits(gathered.offers, gathered.sources, spec)
      : noMoney(roomFor(first), first, room)
  }
  const bestRoom = roomFor(best)
  const bestEstimate = within(
    estimate(best, jobSize(journal, spec, inputs.bytes, warm !== undefined)),
    ceiling,
  )
  const budgetLimit = limitOf(bestRoom, bestEstimate.expectedMicros, clock.now())
  const way = wayWords(spec.results, collection(best), deps.hasBucket)
  const capabilities = providers.capabilities(best.providerId)
  return {
    spec,
    understood: [...understood.understood, ...way.understood],
    warnings: [
      ...understood.warnings,
      ...inputs.warnings,
      ...gathered.sources.filter((source) => !source.ok).map((source) => source.sentence),
      ...way.warnings,
      ...(budgetLimit === null || budgetLimit.missingMicros === 0 ? [] : [budgetLimit.sentence]),
    ],
    excluded: inputs.excludedBytes > excludedWorthSaying ? inputs.excluded : [],
    uploadBytes: inputs.bytes,
    options: runOptions(
      {
        providers,
        size,
        ceiling,
        collection,
        warmOfferId: warm?.offer.id ?? null,
      },
      withFirst(
        usable.some((offer) => offer.id === best.id) ? undefined : best,
        withFirst(warm?.offer, usable.filter(affordable)),
      ),
      best.id,
      request.shown ?? shownOptions,
    ),
    offersTotal: new Set([best.id, ...usable.map((offer) => offer.id)]).size,
    chosenOfferId: best.id,
    wantedProblem: wanted.kind === 'problem' ? wanted.sentence : null,
    sources: [...gathered.sources],
    earlierRuns: earlierRuns(journal, spec),
    offers: confirmed,
    estimate: bestEstimate,
    collection: collection(best),
    ceiling,
    budgetLimit,
    verdict: promisedVerdict(
      {
        expiry: capabilities.expiry,
        selfTermination: capabilities.selfTermination,
        client: providers.clientLevel(best.accountId),
      },
      bestRoom.endBy,
    ),
    warm: warm === undefined ? null : { rentalId: warm.id, gpu: warm.offer.gpu },
  }
}

/** The list with this one in front, and nowhere else. */
function withFirst(first: Offer | undefined, offers: readonly Offer[]): Offer[] {
  if (first === undefined) return [...offers]
  return [first, ...offers.filter((offer) => offer.id !== first.id)]
}

/** The limits must leave room for the slowest of the machines that may be taken. */
function longest(collections: readonly Collection[]): Pick<Collection, 'bytes' | 'ms'> {
  return {
    bytes: Math.max(0, ...collections.map(({ bytes }) => bytes)),
    ms: Math.max(0, ...collections.map(({ ms }) => ms)),
  }
}

/** What is confirmed as the most is the most. */
function within(estimated: Estimate, ceiling: Ceiling): Estimate {
  const most = Math.max(estimated.expectedMicros, ceiling.micros)
  return { ...estimated, highMicros: micros(Math.min(estimated.highMicros, most)) }
}
