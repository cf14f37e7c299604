import { SubletError } from '../domain/errors.ts'
import type { Provider, ProviderAbout } from './provider.ts'

/** The providers of this build, by id. A provider appears in the whole app by being in here. */
export class ProviderRegistry {
  readonly #byId: ReadonlyMap<string, Provider>

  constructor(providers: readonly Provider[]) {
    this.#byId = new Map(providers.map((provider) => [provider.about.id, provider]))
  }

  all(): Provider[] {
    return [...this.#byId.values()]
  }

  /** False of what another version of Sublet wrote into this home. */
  has(id: string): boolean {
    return this.#byId.has(id)
  }

  /** Of a provider that only another version knows, its id stands for its name. */
  about(id: string): ProviderAbout {
    return this.#byId.get(id)?.about ?? { id, name: id, credentialFields: [], simulated: false }
  }

  /** Fails with `not-found` and the ids that there are. */
  get(id: string): Provider {
    const provider = this.#byId.get(id)
    if (provider === undefined) {
      const known = [...this.#byId.keys()].join(', ')
      throw new SubletError('not-found', `There is no provider "${id}". There are: ${known}.`)
    }
    return provider
  }
}
