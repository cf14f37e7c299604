import type { Store } from './store.ts'

/** API operations that a fault can be limited to. */
export const operations = [
  'account',
  'offers',
  'launch',
  'describe',
  'list',
  'release',
  'release-disk',
  'release-extra',
  'expiry-set',
  'expiry-read',
  'status',
] as const
export type Operation = (typeof operations)[number]

/** What a fault does to the answer of a request. `after` lets the effect happen first. */
export type RequestEffect =
  | { readonly kind: 'latency'; readonly ms: number }
  | {
      readonly kind: 'error'
      readonly when: 'before' | 'after'
      readonly status?: number
      readonly code?: string
      readonly message?: string
    }
  | { readonly kind: 'timeout'; readonly when: 'before' | 'after' }
  | { readonly kind: 'disconnect'; readonly when: 'before' | 'after' }
  | { readonly kind: 'garbage' }
  /** A network's log-in page answers; the request never came to the cloud. */
  | { readonly kind: 'captive-portal'; readonly status: 200 | 302 }
  | { readonly kind: 'rate-limit'; readonly retryAfterMs: number | null }
  | { readonly kind: 'no-capacity' }
  | { readonly kind: 'quota' }
  | { readonly kind: 'permission' }
  | { readonly kind: 'bad-key' }
  | { readonly kind: 'price-moved' }

/** What a fault does to the world; consumed where that part of the world is made. */
export type WorldEffect =
  | { readonly kind: 'invisible'; readonly ms: number }
  | { readonly kind: 'lingering'; readonly ms: number }
  | { readonly kind: 'slow-release'; readonly ms: number }
  | { readonly kind: 'slow-boot'; readonly ms: number }
  | { readonly kind: 'leftover-disk' }
  | { readonly kind: 'leftover-address' }
  | { readonly kind: 'leftover-spot-request' }
  | { readonly kind: 'never-boots' }
  | { readonly kind: 'boot-fails' }
  | { readonly kind: 'expiry-disabled' }
  | { readonly kind: 'wrong-published-key' }

export type Effect = RequestEffect | WorldEffect

export interface Fault {
  readonly id: number
  readonly effect: Effect
  /** Absent: every operation. */
  readonly operation?: Operation
  /** Only for launches of this machine type. */
  readonly type?: string
  /** How many times it still strikes; null: until it is cleared. */
  readonly remaining: number | null
}

/** The list of planted faults. It survives a restart of the sandbox. */
export class Faults {
  readonly #store: Store
  #faults: readonly Fault[]
  #nextId: number

  constructor(store: Store) {
    this.#store = store
    this.#faults = (store.setting('faults') as readonly Fault[] | undefined) ?? []
    this.#nextId = Math.max(0, ...this.#faults.map((fault) => fault.id)) + 1
  }

  all(): readonly Fault[] {
    return this.#faults
  }

  add(fault: Omit<Fault, 'id'>): Fault {
    const added = { ...fault, id: this.#nextId++ }
    this.#keep([...this.#faults, added])
    return added
  }

  /** Removes one, or all. */
  clear(id?: number): void {
    this.#keep(id === undefined ? [] : this.#faults.filter((fault) => fault.id !== id))
  }

  /** Every fault that strikes this request now; each is counted down. */
  strike(operation: Operation, type: string | undefined): readonly RequestEffect[] {
    return this.#take(
      (fault) => isRequestEffect(fault.effect) && applies(fault, operation, type),
    ) as readonly RequestEffect[]
  }

  /** The one world effect of this kind, counted down; null when none is planted. */
  world<K extends WorldEffect['kind']>(
    kind: K,
    type: string,
  ): Extract<WorldEffect, { kind: K }> | null {
    const found = this.#take((fault) => fault.effect.kind === kind && (fault.type ?? type) === type)
    return (found[0] ?? null) as Extract<WorldEffect, { kind: K }> | null
  }

  #take(strikes: (fault: Fault) => boolean): readonly Effect[] {
    const struck = this.#faults.filter((fault) => strikes(fault))
    if (struck.length === 0) return []
    this.#keep(
      this.#faults.flatMap((fault) => {
        if (!struck.includes(fault) || fault.remaining === null) return [fault]
        return fault.remaining > 1 ? [{ ...fault, remaining: fault.remaining - 1 }] : []
      }),
    )
    return struck.map((fault) => fault.effect)
  }

  #keep(faults: readonly Fault[]): void {
    this.#faults = faults
    this.#store.setSetting('faults', faults)
  }
}

const worldKinds: ReadonlySet<string> = new Set<WorldEffect['kind']>([
  'invisible',
  'lingering',
  'slow-release',
  'slow-boot',
  'leftover-disk',
  'leftover-address',
  'leftover-spot-request',
  'never-boots',
  'boot-fails',
  'expiry-disabled',
  'wrong-published-key',
])

function isRequestEffect(effect: Effect): effect is RequestEffect {
  return !worldKinds.has(effect.kind)
}

function applies(fault: Fault, operation: Operation, type: string | undefined): boolean {
  if (fault.operation !== undefined && fault.operation !== operation) return false
  return fault.type === undefined || fault.type === type
}
