import { z } from 'zod'
import { jobIdSchema } from '../job-state.ts'
import { offerQuerySchema, offerSchema, offerSourceSchema } from '../offer.ts'
import {
  offerBookStateSchema,
  offerRowSchema,
  offerSortSchema,
  offerViewFilterSchema,
  offerViewSchema,
} from '../offer-view.ts'
import { call, stream } from '../procedure.ts'
import { clientEnvironment, nothing } from './common.ts'

/** The most rows that one request answers with. */
export const maxOfferRows = 500

/** The procedures about offers. */
export const offersService = {
  list: call(
    z.object({ query: offerQuerySchema, environment: clientEnvironment }),
    z.object({
      offers: z.array(offerSchema),
      /** One per account asked: fine, or why its offers are missing. */
      sources: z.array(offerSourceSchema),
    }),
  ),
  /** The offer book's state. While somebody watches, sources are read again when they get old. */
  watch: stream(
    z.object({ environment: clientEnvironment }),
    offerBookStateSchema,
    offerBookStateSchema,
  ),
  /** Reads all sources again, or those of one account; answers at once, `watch` tells the rest. */
  refresh: call(
    z.object({ accountId: z.string().optional(), environment: clientEnvironment }),
    nothing,
  ),
  /** Filters and sorts what the book holds, without asking anybody, and freezes the result. */
  view: call(
    z.object({
      filter: offerViewFilterSchema,
      sort: offerSortSchema,
      /** Reckons what finishing this job costs on each offer. */
      forJob: jobIdSchema.optional(),
      /** How many rows to answer with at once. */
      count: z.int().nonnegative().max(maxOfferRows),
    }),
    offerViewSchema,
  ),
  /** Rows of a view. `not-found` once the view has expired: make it again. */
  rows: call(
    z.object({
      viewId: z.string(),
      from: z.int().nonnegative(),
      count: z.int().positive().max(maxOfferRows),
    }),
    z.object({ rows: z.array(offerRowSchema) }),
  ),
  /** Marks an offer, by its id, for all windows and for good. */
  setFavourite: call(z.object({ offerId: z.string().min(1), favourite: z.boolean() }), nothing),
} as const
