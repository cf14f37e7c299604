import type { JobFile } from '../../preload/contract/job-file.ts'
import type { Ceiling, Estimate, Proposal } from '../../preload/contract/job.ts'
import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { ceilingFor } from '../domain/ceiling.ts'
import { fitsBudget } from '../domain/budget.ts'
import type { Clock } from '../domain/clock.ts'
import { SubletError } from '../domain/errors.ts'
import { outputConflict } from '../domain/job/output-conflict.ts'
import { estimate } from '../domain/estimate.ts'
import { explainNoOffer } from '../domain/explain-no-offer.ts'
import { promisedVerdict } from '../domain/lease.ts'
import { micros } from '../domain/money.ts'
import { offerFilter } from '../domain/offer-filter.ts'
import { isUnavailable, rankOffers } from '../domain/ranking.ts'
import { showPath } from '../transfer/path-bytes.ts'
import { scanTree } from '../transfer/scan.ts'
import { jobNeeds, jobSize } from './job-size.ts'
import type { Journal } from './journal/journal.ts'
import type { JobSecrets, OfferSource, ProviderAccess } from './ports.ts'
import type { Understood } from './understand/understood.ts'
import { warmRentals } from './warm-rentals.ts'

export interface ProposeDeps {
  readonly clock: Clock
  readonly journal: Journal
  readonly providers: ProviderAccess
  readonly secrets: JobSecrets
  readonly understand: (
    request: { readonly file: JobFile; readonly baseDir: string },
    signal: AbortSignal,
  ) => Promise<Understood>
}

const shownOffers = 20
const excludedWorthSaying = 1_000_000

/** Understands a request, finds offers, prices it. Rents nothing and journals nothing. */
export async function propose(
  deps: ProposeDeps,
  request: { readonly file: JobFile; readonly baseDir: string },
  signal: AbortSignal,
): Promise<Proposal> {
  const { clock, journal, providers } = deps
  const understood = await deps.understand(request, signal)
  const { spec } = understood
  const conflict = outputConflict(spec.outputDir, journal.openJobs())
  if (conflict !== null) throw conflict
  await deps.secrets.read(spec.secrets)
  const inputs = await weighInputs(spec, signal)
  const gathered = await providers.offers(spec.needs, signal)
  const size = jobSize(journal, spec, inputs.bytes, false)
  const fits = offerFilter(spec.needs)
  const usable = gathered.offers.filter((offer) => fits(offer) && !isUnavailable(offer))
  const warm = warmRentals(
    journal,
    spec,
    spec.limits.maxMicrosPerHour ?? Number.MAX_SAFE_INTEGER,
    clock.now(),
  )[0]
  const offers = [
    ...(warm === undefined ? [] : [warm.offer]),
    ...rankOffers(usable, size).filter((offer) => offer.id !== warm?.offer.id),
  ]
  if (offers.length === 0) throw nothingFits(gathered.offers, gathered.sources, spec)
  const ceiling = ceilingFor({
    ...jobNeeds(spec, inputs.bytes),
    limits: spec.limits,
    offers,
    now: clock.now(),
  })
  const affordable = offers.filter(
    (offer) =>
      offer.microsPerHour <= ceiling.microsPerHour &&
      fitsBudget(offer, spec.limits.budgetMicros, jobNeeds(spec, inputs.bytes)),
  )
  const best = affordable[0]
  if (best === undefined) throw nothingFits(gathered.offers, gathered.sources, spec)
  const capabilities = providers.capabilities(best.providerId)
  return {
    spec,
    understood: [...understood.understood],
    warnings: [
      ...understood.warnings,
      ...inputs.warnings,
      ...gathered.sources.filter((source) => !source.ok).map((source) => source.sentence),
    ],
    excluded: inputs.excluded,
    uploadBytes: inputs.bytes,
    offers: affordable.slice(0, shownOffers),
    estimate: within(
      estimate(best, jobSize(journal, spec, inputs.bytes, warm !== undefined)),
      ceiling,
    ),
    ceiling,
    verdict: promisedVerdict(
      {
        expiry: capabilities.expiry,
        selfTermination: capabilities.selfTermination,
        client: providers.clientLevel(best.accountId),
      },
      ceiling.endBy,
    ),
    warm: warm === undefined ? null : { rentalId: warm.id, gpu: warm.offer.gpu },
  }
}

/** What is confirmed as the most is the most. */
function within(estimated: Estimate, ceiling: Ceiling): Estimate {
  const most = Math.max(estimated.expectedMicros, ceiling.micros)
  return { ...estimated, highMicros: micros(Math.min(estimated.highMicros, most)) }
}

async function weighInputs(spec: JobSpec, signal: AbortSignal) {
  let bytes = 0
  const warnings: string[] = []
  const excluded: { path: string; bytes: number; why: string }[] = []
  const trees = [
    ...(spec.code === null ? [] : [{ path: spec.code.path, ignore: 'code' as const }]),
    ...spec.data.map((one) => ({ path: one.path, ignore: 'data' as const })),
  ]
  for (const { path, ignore } of trees) {
    const scanned = await scanTree(path, { ignore, signal })
    for (const entry of scanned.manifest.entries) if (entry.kind === 'file') bytes += entry.size
    warnings.push(...scanned.warnings.map((warning) => warning.sentence))
    excluded.push(...scanned.excluded.map((one) => ({ ...one, path: showPath(one.path) })))
  }
  const left = excluded.reduce((sum, one) => sum + one.bytes, 0)
  return { bytes, warnings, excluded: left > excludedWorthSaying ? excluded : [] }
}

function nothingFits(
  all: readonly Offer[],
  sources: readonly OfferSource[],
  spec: JobSpec,
): SubletError {
  const failed = sources.filter((source) => !source.ok)
  if (all.length === 0 && failed.length > 0) {
    return new SubletError('unavailable', failed.map((source) => source.sentence).join(' '))
  }
  const fits = offerFilter(spec.needs)
  return new SubletError(
    'no-offer',
    all.some((offer) => fits(offer))
      ? 'Nothing that fits has a machine free at the moment. Try again later, or relax what the job asks for.'
      : explainNoOffer(all, spec.needs),
  )
}
