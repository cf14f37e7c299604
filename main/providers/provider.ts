import type { ErrorCode } from '../../preload/contract/errors.ts'
import type { Billable, Evidence, Receipt, RentalId } from '../../preload/contract/rental.ts'
import type { Micros } from '../../preload/contract/money.ts'
import type { Offer, OfferQuery } from '../../preload/contract/offer.ts'
import type { Clock } from '../domain/clock.ts'

/** One field of an account form. It draws the form, names the environment variable, drives redaction. */
export interface CredentialField {
  readonly name: string
  readonly label: string
  readonly secret: boolean
  /** Absent: it must have a value. Never taken from the environment where another field is kept. */
  readonly optional?: true
  readonly help: string
  /** Regular expression that a plausible value matches. */
  readonly pattern?: string
  /** An example of the form, such as `rpa_…`; never a real value. */
  readonly placeholder?: string
  /** The provider's usual environment variable, e.g. `RUNPOD_API_KEY`. */
  readonly environmentVariable?: string
  /** Page where the user makes such a credential. */
  readonly link?: string
}

export interface ProviderAbout {
  readonly id: string
  readonly name: string
  readonly credentialFields: readonly CredentialField[]
  /** Further variables of the user's that it reads, beside those of its fields. */
  readonly environmentVariables?: readonly string[]
  /** The least rights that it needs, in the form that the provider takes them. */
  readonly leastPolicy?: string
  /** The page where the user sees and ends everything at the provider. */
  readonly consoleLink?: string
  /** Called "simulated" wherever it is shown. */
  readonly simulated: boolean
}

/** `true`, or the sentence that says why not; interfaces show that sentence. */
export type Capability = true | string

export interface Capabilities {
  readonly spot: Capability
  /** Whether a script can be handed to the machine's first start, and is run there. */
  readonly userData: Capability
  readonly tags: Capability
  /**
   * Whether a container image can be launched: the machine that SSH reaches is that container then.
   * Else an image is run with Docker inside the machine, where that has it.
   */
  readonly image: Capability
  /** How an unknown launch is settled: re-issued with the same token, or looked up by name. */
  readonly launchKey: 'token' | 'lookup'
  /** A launched machine appears in `list` within this time at the latest. */
  readonly visibleWithinMs: number
  /** Whether a command on the machine itself can end the rental, and how the machine learns it. */
  readonly selfTermination: Capability
  /** Whether the provider itself ends a rental at a time that can be read back. */
  readonly expiry: Capability
  readonly hostKey: 'injected' | 'published' | 'first-use'
  /** True where one machine serves several rentals (own hosts): release must not stop the machine. */
  readonly shared: boolean
  /** Whether its books can be asked what a rental has cost; absent: they cannot. */
  readonly usage?: Capability
  /** Whether anything it lists (machine, disk, address) is ended by its id alone; absent: it is not. */
  readonly releaseBillable?: Capability
}

/** Values by credential field name. Lives in memory only, for as long as a session needs it. */
export type Credentials = Readonly<Record<string, string>>

export interface Account {
  readonly id: string
  readonly providerId: string
  readonly name: string
  readonly credentials: Credentials
  /** What is not secret: a host's address, a profile name. */
  readonly settings: Readonly<Record<string, string>>
}

export interface ProviderContext {
  readonly clock: Clock
  /** This home's id; goes into every tag, so that another computer's rentals are strangers. */
  readonly homeId: string
  /** Folder where a provider may keep state of its own (the sandbox's socket and state). */
  readonly stateDir: string
  /** Environment of the client that asked (SSH_AUTH_SOCK and the like); never the engine's own. */
  readonly environment: Readonly<Record<string, string>>
  readonly log: (message: string, facts?: Readonly<Record<string, unknown>>) => void
}

export interface AccountStatus {
  readonly ok: boolean
  /** Who we are at the provider. */
  readonly identity: string
  /** One sentence: fine, or what is missing and what to do. */
  readonly message: string
  readonly balanceMicros: number | null
  /** What kind of failure it was, for interfaces that help with it. */
  readonly code?: ErrorCode
}

/** Where and how a machine is reached by SSH. */
export interface SshTarget {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Provider says these are the machine's keys (`ssh-ed25519 AAAA…`); empty: pin on first use. */
  readonly hostKeys: readonly string[]
  /** A key file of the user's (own hosts); absent: the rental's own key. */
  readonly identityFile?: string
  /** Try the agent at the context's SSH_AUTH_SOCK. */
  readonly useAgent?: boolean
  /** A particular agent instead (IdentityAgent of the user's ssh configuration). */
  readonly agentSocket?: string
  /** `user@host:port` chain to jump through, outermost first. */
  readonly jumps?: readonly SshJump[]
}
export interface SshJump {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly hostKeys: readonly string[]
  readonly identityFile?: string
}

export interface LaunchRequest {
  readonly rentalId: RentalId
  readonly offer: Offer
  readonly environment:
    | { readonly kind: 'machine' }
    | { readonly kind: 'image'; readonly image: string }
  /** `ssh-ed25519 AAAA… comment` that may log in. */
  readonly publicKey: string
  /** When the rental must have ended at the latest, epoch ms in engine time. */
  readonly endBy: number
  readonly diskGiB: number
  /** Refuse with `price-moved` above this. */
  readonly maxMicrosPerHour: number
  /** GPU indices to take, for shared machines. */
  readonly gpus?: readonly number[]
  /**
   * Where `capabilities.userData` is true: a POSIX sh script (`#!/bin/sh`, under 4,096 characters,
   * no secrets) to run once at the first start, as the user that SSH logs in as. A cloud that runs
   * user data as root changes the user. Another text in a repeated launch is the same launch.
   */
  readonly userData?: string
  /**
   * Where `capabilities.hostKey` is `injected`: the SSH host key that the machine shall have from its
   * first start, in OpenSSH's forms. It is pinned before the first connection, and replaced in it.
   */
  readonly hostKey?: { readonly privateKey: string; readonly publicKey: string }
}

/** What the provider says about a rental right now. */
export interface Instance {
  readonly rentalId: RentalId
  readonly instanceId: string
  readonly state: 'pending' | 'running' | 'stopping' | 'gone' | 'failed'
  /** One plain sentence for the user when there is something to say. */
  readonly message: string | null
  /** Null until it can be reached. */
  readonly ssh: SshTarget | null
  readonly microsPerHour: number
  /** GPU indices that belong to this rental; null: all. */
  readonly gpuIndices: readonly number[] | null
  /** When the provider's meter started, where it says. */
  readonly billedFrom: number | null
  /** A spot machine is being taken back at this time. */
  readonly reclaimAt: number | null
  /** When the provider itself ends it, where this very answer says so. */
  readonly expiresAt?: number | null
}

/** How a rental is found again: by what we named it, and by the provider's id once we know it. */
export interface RentalRef {
  readonly rentalId: RentalId
  readonly instanceId: string | null
  /**
   * When the launch had its effect at the latest, epoch ms, perhaps yet to come: `missing` counts
   * as gone only `visibleWithinMs` after it.
   */
  readonly launchedAt: number
  /** Whether `describe` has shown it with its address; the answer to `launch` is not enough. */
  readonly seen: boolean
  readonly region: string
}

export type ReleaseOutcome =
  | {
      readonly kind: 'pending'
      readonly message: string
      readonly pollAfterMs: number
      /** Found by its name: the machine that is being ended, for the calls to come. */
      readonly instanceId?: string
    }
  | { readonly kind: 'receipt'; readonly receipt: Receipt }

/** What the provider's own books say about one rental. */
export interface Usage {
  readonly micros: Micros
  /** The billed interval, epoch ms, where the books name it. */
  readonly from: number | null
  readonly to: number | null
  /** False while the books may still grow (a day that is not over, a bill that is not closed). */
  readonly final: boolean
  readonly evidence: Evidence
}

/** A rental that has its receipt. */
export interface EndedRental extends RentalRef {
  /** The machine as it was offered. */
  readonly offer: Offer
  /** When it was confirmed gone, epoch ms. */
  readonly endedAt: number
}

/** Something that `list` answered and that no rental of this home stands for. */
export type BillableRef = Pick<Billable, 'kind' | 'nativeId' | 'name' | 'region'>

export type BillableOutcome =
  | { readonly kind: 'pending'; readonly message: string; readonly pollAfterMs: number }
  | { readonly kind: 'gone'; readonly evidence: Evidence }

/**
 * One provider. Errors of every method are SubletErrors with a provider code (`auth`, `permission`,
 * `quota`, `no-capacity`, `price-moved`, `not-found`, `rate-limited`, `invalid`, `unavailable`);
 * `remedyFor(code)` decides what happens next. Methods do not retry beyond pacing.
 */
export interface Provider {
  readonly about: ProviderAbout
  readonly capabilities: Capabilities
  connect(account: Account, context: ProviderContext): ProviderSession
}

export interface ProviderSession {
  check(signal: AbortSignal): Promise<AccountStatus>
  /** Every offer that may fit; the caller filters and gates again. */
  offers(query: OfferQuery, signal: AbortSignal): AsyncIterable<Offer>
  /**
   * Returns at once with what is known. Called twice for one rental id it rents once, or fails with
   * `conflict`. An `unavailable` or `unreachable` leaves the effect unknown.
   */
  launch(request: LaunchRequest, signal: AbortSignal): Promise<Instance>
  /** `not-found` when the provider does not know it (yet, or any more). */
  describe(rental: RentalRef, signal: AbortSignal): Promise<Instance>
  /** Everything on the account that costs money, ours or not, unfiltered. */
  list(signal: AbortSignal): AsyncIterable<Billable>
  /**
   * Idempotent: call again until it answers with a receipt, which says that the machine and the
   * disks, addresses and spot requests that came with it are gone. Touches nothing of a copy: a
   * machine that carries the rental's name and has another id.
   */
  release(rental: RentalRef, signal: AbortSignal): Promise<ReleaseOutcome>
  /**
   * Present where `capabilities.releaseBillable` is true. Ends just this, by its id, only ever by the
   * user's word. Idempotent: call again until `gone`, which the provider's list has confirmed.
   */
  readonly releaseBillable?: (target: BillableRef, signal: AbortSignal) => Promise<BillableOutcome>
  /**
   * True where it is certain without asking that nothing is billed: the practice cloud that does not
   * run and has nothing. Absent: it has to be asked.
   */
  readonly isAsleep?: () => boolean
  /** Present where `capabilities.expiry` is true. Times are engine time, epoch ms. */
  readonly expiry?: {
    set(rental: RentalRef, endBy: number, signal: AbortSignal): Promise<void>
    read(rental: RentalRef, signal: AbortSignal): Promise<number | null>
  }
  /**
   * Present where `capabilities.usage` is true: what the provider has booked for an ended rental.
   * Null while it says nothing yet. Read only; asked rarely, some of these questions cost money.
   */
  readonly usage?: (rental: EndedRental, signal: AbortSignal) => Promise<Usage | null>
  /**
   * A POSIX sh command that ends the rental from the machine itself, without account keys. Asked for
   * before the launch too, for user data: `instanceId` is null then, and the machine must know it.
   */
  readonly selfTerminateCommand?: (rental: RentalRef) => string
  /**
   * A POSIX sh command that tries on the machine what `selfTerminateCommand` needs and ends nothing:
   * exit code 0 where it would work. Absent where nothing can be tried, or nothing needs to be.
   */
  readonly selfTerminateProof?: (rental: RentalRef) => string
}
