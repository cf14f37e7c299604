import { z } from 'zod'
import { errorCodeSchema, wireErrorSchema } from '../../../preload/contract/errors.ts'
import { environmentSchema } from '../../../preload/contract/job-spec.ts'
import { microsSchema } from '../../../preload/contract/money.ts'
import { offerSchema } from '../../../preload/contract/offer.ts'
import { machineFactsSchema } from './facts-schema.ts'
import {
  hostKeySchema,
  receiptSchema,
  stopVerdictSchema,
} from '../../../preload/contract/rental.ts'

const sshJumpSchema = z.object({
  host: z.string(),
  port: z.int(),
  user: z.string(),
  hostKeys: z.array(z.string()),
  identityFile: z.string().exactOptional(),
})

/** Where a machine is reached; no secrets, so that it may stand in the journal. */
export const sshTargetSchema = z.object({
  host: z.string(),
  port: z.int(),
  user: z.string(),
  hostKeys: z.array(z.string()),
  identityFile: z.string().exactOptional(),
  useAgent: z.boolean().exactOptional(),
  agentSocket: z.string().exactOptional(),
  jumps: z.array(sshJumpSchema).exactOptional(),
})

/** Everything that can happen to a rental, as the journal keeps it. `intended` comes before the provider is asked. */
export const rentalEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('intended'),
    offer: offerSchema,
    accountId: z.string(),
    homeId: z.string(),
    environment: environmentSchema,
    diskGiB: z.number(),
    endBy: z.int(),
    /** Which budget makes it end before what was confirmed; absent when none does. */
    endBecause: z.string().exactOptional(),
    maxMicrosPerHour: microsSchema,
    estimateMicros: microsSchema,
  }),
  /** Journaled before every call of `launch`: from here on the machine may exist. */
  z.object({ kind: z.literal('launch-issued') }),
  z.object({
    kind: z.literal('launched'),
    instanceId: z.string(),
    billedFrom: z.int().nullable(),
    gpuIndices: z.array(z.int()).nullable(),
    /** Where the provider's answer to the launch already says that it ends it; older rows have none. */
    verdict: stopVerdictSchema.exactOptional(),
  }),
  /** The provider's own answer that it did not launch. */
  z.object({ kind: z.literal('launch-refused'), error: wireErrorSchema }),
  /** The call of `launch` failed without an answer: its effect may still appear. */
  z.object({ kind: z.literal('launch-unanswered') }),
  z.object({ kind: z.literal('reachable'), ssh: sshTargetSchema }),
  /** First contact: by which host key the machine is known from now on. */
  z.object({ kind: z.literal('host-key'), ...hostKeySchema.shape }),
  /** `endBy`: the end that was put on the machine and read back; older rows have none. */
  z.object({
    kind: z.literal('leased'),
    verdict: stopVerdictSchema,
    endBy: z.int().exactOptional(),
  }),
  z.object({ kind: z.literal('probed'), facts: machineFactsSchema }),
  z.object({
    kind: z.literal('allocated'),
    attemptId: z.string(),
    jobId: z.string(),
    jobName: z.string(),
    project: z.string().nullable(),
  }),
  z.object({ kind: z.literal('freed'), attemptId: z.string() }),
  /**
   * The user extended it, another job took over a warm machine, or a budget has less or more left
   * for it: then `because` says which. `final`: no later end is tried again by Sublet itself.
   */
  z.object({
    kind: z.literal('lease-moved'),
    endBy: z.int(),
    because: z.string().exactOptional(),
    final: z.literal(true).exactOptional(),
  }),
  z.object({ kind: z.literal('kept-warm'), until: z.int() }),
  z.object({ kind: z.literal('egress-measured'), bytes: z.int() }),
  z.object({ kind: z.literal('release-intended'), because: z.string() }),
  /** The last try did not end in a receipt; shown with a red mark while it repeats. */
  z.object({
    kind: z.literal('release-pending'),
    sentence: z.string(),
    /** Why the try failed; absent where the provider is at it. */
    failure: errorCodeSchema.exactOptional(),
    /** The machine that was found by its name and is being ended. */
    instanceId: z.string().exactOptional(),
  }),
  z.object({ kind: z.literal('released'), receipt: receiptSchema }),
  /** Its provider lists it, or something of it, again after the receipt. */
  z.object({
    kind: z.literal('reappeared'),
    because: z.string(),
    /** The machine's; null where only something else of it, like a disk, is listed. */
    instanceId: z.string().nullable(),
  }),
])
export type RentalEvent = z.infer<typeof rentalEventSchema>
export type RentalEventOf<K extends RentalEvent['kind']> = Extract<RentalEvent, { kind: K }>
