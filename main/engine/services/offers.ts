import type { Contract } from '../../../preload/contract/contract.ts'
import type { JobId } from '../../../preload/contract/job-state.ts'
import { SubletError } from '../../domain/errors.ts'
import { explainNoOffer } from '../../domain/explain-no-offer.ts'
import { offerFilter } from '../../domain/offer-filter.ts'
import { finishColumn } from '../../domain/offers/finish-cost.ts'
import { jobSize } from '../../jobs/job-size.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { settingRows } from '../../store/setting-rows.ts'
import { Favourites } from '../offers/favourites.ts'
import { OfferBook } from '../offers/offer-book.ts'
import { OfferViews } from '../offers/offer-views.ts'
import type { JobCosts } from '../offers/offer-views.ts'
import type { BookAccount } from '../offers/source-reading.ts'
import type { ServiceParts } from './context.ts'
import { watchOffers } from './watch-offers.ts'

/** The handlers about offers: the plain list for one request, and the book behind the Offers page. */
export function offerHandlers(parts: ServiceParts): Handlers<Contract>['offers'] {
  const { clock, log, providers, clientEnvironment } = parts
  const favourites = new Favourites(settingRows(parts.database), log)
  const book = new OfferBook({
    clock,
    log,
    accounts: () => bookAccounts(parts),
    open: (accountId) => providers.session(accountId),
  })
  const views = new OfferViews({
    book,
    favourites: () => favourites.ids(),
    costsOf: (jobId) => jobCosts(parts, jobId),
  })
  return {
    list: async ({ query, environment }, { signal }) => {
      clientEnvironment.learn(environment)
      const { offers, sources } = await providers.offers(query, signal)
      const fitting = offers
        .filter(offerFilter(query))
        .sort((a, b) => a.microsPerHour - b.microsPerHour)
      if (fitting.length === 0 && sources.every((source) => source.ok)) {
        throw new SubletError('no-offer', explainNoOffer(offers, query))
      }
      return { offers: fitting, sources }
    },
    watch: async ({ environment }, { signal }) => {
      clientEnvironment.learn(environment)
      return watchOffers(book, clock, signal)
    },
    refresh: async ({ accountId, environment }) => {
      clientEnvironment.learn(environment)
      book.refresh(accountId)
      return {}
    },
    view: async (request) => views.make(request),
    rows: async ({ viewId, from, count }) => ({ rows: views.rows(viewId, from, count) }),
    setFavourite: async ({ offerId, favourite }) => {
      favourites.set(offerId, favourite)
      return {}
    },
  }
}

function bookAccounts({ accounts, providers }: ServiceParts): BookAccount[] {
  // An account of another version's provider has no offers here; it must not end the engine.
  const known = accounts.all().filter(({ providerId }) => providers.knows(providerId))
  return known.map((account) => {
    const { providerId } = account
    const about = providers.about(providerId)
    const { expiry, selfTermination } = providers.capabilities(providerId)
    return {
      accountId: account.id,
      accountName: account.name,
      providerId,
      providerName: about.name,
      simulated: about.simulated,
      stopsByItself: expiry === true || selfTermination === true ? true : selfTermination,
    }
  })
}

function jobCosts({ journal }: ServiceParts, jobId: JobId): JobCosts {
  const job = journal.job(jobId)
  const size = jobSize(journal, job.spec, job.frozen?.bytes ?? 0, false)
  return {
    key: `${jobId} ${JSON.stringify(size)}`,
    of: (rows) => finishColumn(rows, job.spec.needs, size),
  }
}
