import type { OfferQuery, Offer } from '../../preload/contract/offer.ts'
import type { HostKey, RentalId } from '../../preload/contract/rental.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { ResultBucket } from '../bucket/bucket.ts'
import type { MirrorTerms } from '../domain/mirror-limits.ts'
import type { LinkSpeeds } from './link-speeds.ts'
import type { Machine } from '../machine/machine.ts'
import type { KeyPair } from '../machine/ssh/keys.ts'
import type {
  Capabilities,
  Capability,
  ProviderAbout,
  ProviderSession,
} from '../providers/provider.ts'

/** One answer per account asked. */
export interface OfferSource {
  readonly providerId: string
  readonly accountId: string
  readonly ok: boolean
  readonly sentence: string
  readonly dropped: number
}

/** The providers as jobs see them: by account, credentials already in place. */
export interface ProviderAccess {
  /** Fails with `auth` when the account or its credentials cannot be had. */
  session(accountId: string): Promise<ProviderSession>
  about(providerId: string): ProviderAbout
  /** The provider's name, and the account's where there are several or it is a host. */
  accountName(accountId: string): string
  capabilities(providerId: string): Capabilities
  /** Whether this computer could still release after a restart of the engine, or why not. */
  clientLevel(accountId: string): Capability
  /** Asks every account that the query allows; one failing source never hides the others. */
  offers(
    query: OfferQuery,
    signal: AbortSignal,
  ): Promise<{ readonly offers: readonly Offer[]; readonly sources: readonly OfferSource[] }>
}

/** Connections to rented machines: one per rental, shared, made again after a cut. */
export interface RentalMachines {
  /** Makes the rental's key pair if there is none and answers the public half. */
  publicKey(rentalId: RentalId): Promise<string>
  /**
   * The host key that the rental's machine is launched with: made if there is none. From now on the
   * machine is known by it alone.
   */
  injectedHostKey(rentalId: RentalId): Promise<KeyPair>
  /**
   * Has the machine replace the injected host key, which its user data tells, by one of its own that
   * is trusted from then on, or says why it keeps the injected one. May be repeated. Connections are
   * closed; errors as those of `connect`.
   */
  renewHostKey(rental: RentalRecord, signal: AbortSignal): Promise<Omit<HostKey, 'from'>>
  /** `unreachable`, `auth` or `host-key` on failure; never anything unchecked. */
  connect(rental: RentalRecord, signal: AbortSignal): Promise<Machine>
  /** `SHA256:…` of the host key that is pinned; null before the first connection. */
  fingerprint(rentalId: RentalId): Promise<string | null>
  drop(rentalId: RentalId): void
  /** After the receipt: closes the connection and removes the key. */
  forget(rentalId: RentalId): Promise<void>
}

/** The line home, and what the user lets it be used for. */
export interface HomeLink {
  /** What the settings say about copies home while a job runs, now. */
  mirror(): MirrorTerms
  /** Why nothing should be copied over this connection now; null when it may be. */
  metered(signal: AbortSignal): Promise<string | null>
  readonly speeds: Pick<LinkSpeeds, 'bytesPerSecond' | 'learn'>
}

/** The books. */
export interface Books {
  /**
   * Writes the final entries of a rental with its receipt, in the database of the journal; repeating
   * it changes nothing.
   */
  settle(rental: RentalRecord): void
  /** What the rental has cost until now, in micro-dollars; all of it, or one job's share. */
  costMicros(rental: RentalRecord, jobId?: string): number
}

/** Values of the job's secrets by name, from the keychain. `secret-missing` names what is not there. */
export interface JobSecrets {
  read(names: readonly string[]): Promise<Readonly<Record<string, string>>>
}

export interface ConfiguredBucket {
  readonly bucket: ResultBucket
  readonly deleteWhenHome: boolean
}

/** The bucket that results may wait in. */
export interface ResultBuckets {
  /** Null while none is set; `auth` or `keychain` when its secret key cannot be had. */
  open(): Promise<ConfiguredBucket | null>
}
