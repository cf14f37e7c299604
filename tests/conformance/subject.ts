import type { Offer } from '../../preload/contract/offer.ts'
import type { RentalId } from '../../preload/contract/rental.ts'
import type {
  Account,
  LaunchRequest,
  Provider,
  ProviderContext,
} from '../../main/providers/provider.ts'

/** A provider operation that can be made to fail. */
export type Operation = 'check' | 'offers' | 'launch' | 'describe' | 'list' | 'release'

/** What a fake provider can be asked to do wrong. Once, unless `always`. Times in engine time. */
export type Misbehaviour =
  | {
      readonly kind: 'bad-key' | 'permission' | 'quota' | 'no-capacity' | 'price-moved'
      readonly operation: Operation
      readonly always?: true
    }
  | {
      readonly kind: 'rate-limit'
      readonly operation: Operation
      readonly retryAfterMs: number | null
    }
  | {
      readonly kind: 'server-error' | 'no-answer' | 'disconnect'
      readonly operation: Operation
      readonly when: 'before' | 'after'
    }
  /** An answer that is no JSON. */
  | { readonly kind: 'garbage'; readonly operation: Operation }
  /** Half of an answer; one with fields that nobody has heard of. */
  | { readonly kind: 'truncated'; readonly operation: Operation }
  | { readonly kind: 'new-fields'; readonly operation: Operation }
  /** The answer comes, but takes this long in physical time: less than the time limit. */
  | { readonly kind: 'slow'; readonly operation: Operation; readonly realMs: number }
  /** The next launched machine is shown by nothing for this long. */
  | { readonly kind: 'invisible'; readonly ms: number }
  /** The next ended machine is listed for this long after its end. */
  | { readonly kind: 'lingering'; readonly ms: number }
  /** The next release takes this long. */
  | { readonly kind: 'slow-release'; readonly ms: number }
  /** The next launched machine leaves its disk behind. */
  | {
      readonly kind:
        | 'leftover-disk'
        | 'leftover-address'
        | 'leftover-spot-request'
        | 'never-boots'
        | 'boot-fails'
    }
  | { readonly kind: 'reclaim'; readonly rentalId: RentalId; readonly noticeMs: number }
  /** The machine is gone all at once. */
  | { readonly kind: 'vanish'; readonly rentalId: RentalId }

export type Planted =
  | { readonly kind: 'machine' | 'disk' | 'address' | 'spot-request'; readonly name: string }
  | { readonly kind: 'copy'; readonly of: LaunchRequest }

/** A provider with a world behind it that the suite can look into and disturb. */
export interface ConformanceWorld {
  readonly provider: Provider
  readonly account: Account
  readonly context: ProviderContext
  /** Requests give up after this long (physical time); the suite waits a bit more for a time-out. */
  readonly requestTimeoutMs: number
  /** Whether `offer` is one that the suite may rent: cheap, quick to boot, per second. */
  readonly rentable: (offer: Offer) => boolean
  /** False when this world cannot do it: the case is then skipped aloud. */
  misbehave(what: Misbehaviour): Promise<boolean>
  /** Takes back every misbehaviour that has not struck. */
  behave(): Promise<void>
  /**
   * Plants what this home did not make: a thing of its own, or another machine that carries the
   * rental's name. Answers its native id; null when this world cannot do it.
   */
  plant(what: Planted): Promise<string | null>
  /** Machines that exist in the world's own books, whatever the API says. */
  liveMachines(): Promise<number>
  /**
   * Calls back when a request has come in, until it is told to stop; absent where the world cannot
   * tell. For what happens to somebody who leaves in the middle.
   */
  readonly onRequest?: (listener: () => void) => () => void
  /**
   * What was held against the provider's official API description so far; null where there is none
   * on this computer.
   */
  readonly described?: () => Described | null
  close(): Promise<void>
}

/** Requests and answers that were compared with an official description. */
export interface Described {
  readonly requests: number
  readonly answers: number
  readonly problems: readonly string[]
}

/** What the suite is run against: one line a provider in its own test file. */
export interface ConformanceSubject {
  readonly name: string
  open(): Promise<ConformanceWorld>
}
