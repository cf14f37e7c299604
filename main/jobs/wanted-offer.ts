import type { JobFile } from '../../preload/contract/job-file.ts'
import type { Offer, OfferQuery } from '../../preload/contract/offer.ts'
import { explainNoOffer } from '../domain/explain-no-offer.ts'
import { offerFilter } from '../domain/offer-filter.ts'
import { isUnavailable } from '../domain/ranking.ts'

export type WantedOffer =
  | { readonly kind: 'none' }
  | { readonly kind: 'taken'; readonly offer: Offer; readonly needs: OfferQuery }
  | { readonly kind: 'problem'; readonly sentence: string }

/**
 * The offer that the user chose by its id, and the needs that bind the job to it. Only what the
 * user asked for in words speaks against it: a default (NVIDIA, x86-64, on demand) never does.
 */
export function wantedOffer(
  id: string | undefined,
  offers: readonly Offer[],
  file: JobFile,
  needs: OfferQuery,
): WantedOffer {
  if (id === undefined) return { kind: 'none' }
  const offer = offers.find((one) => one.id === id)
  if (offer === undefined) {
    return {
      kind: 'problem',
      sentence: 'The machine that you chose is not offered any more; the best other one is shown.',
    }
  }
  const asked = askedFor(file, needs, offer)
  if (!offerFilter(asked)(offer)) {
    return {
      kind: 'problem',
      sentence: `The machine that you chose does not fit this job. ${explainNoOffer([offer], asked)}`,
    }
  }
  if (isUnavailable(offer)) {
    return {
      kind: 'problem',
      sentence: 'The machine that you chose has none free now; the best other one is shown.',
    }
  }
  return {
    kind: 'taken',
    offer,
    needs: {
      ...asked,
      providerId: offer.providerId,
      accountId: offer.accountId,
      machineType: offer.machineType,
      region: offer.region,
      spot: offer.spot,
    },
  }
}

function askedFor(file: JobFile, needs: OfferQuery, offer: Offer): OfferQuery {
  const { gpuName, spot, arch, ...rest } = needs
  const vendorGpu = gpuName ?? (offer.gpu?.vendor === 'amd' ? offer.gpu.name : undefined)
  return {
    ...rest,
    ...(vendorGpu === undefined ? {} : { gpuName: vendorGpu }),
    // A script that seems to use a GPU may still be tried on a machine without, if chosen so.
    ...(file.gpus === undefined && file.gpu === undefined && file.minVram === undefined
      ? { gpus: Math.min(needs.gpus ?? 0, offer.gpu?.count ?? 0) }
      : {}),
    ...(file.spot === undefined || spot === undefined ? {} : { spot }),
    arch: file.arch === undefined ? offer.arch : (arch ?? offer.arch),
  }
}
