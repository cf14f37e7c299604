import type { Offer, OfferQuery } from '../../preload/contract/offer.ts'
import type { Clock } from '../domain/clock.ts'
import { SubletError } from '../domain/errors.ts'
import type { Logger } from '../domain/logger.ts'
import type { Redactor } from '../logging/redactor.ts'
import type { HomePaths } from '../jobs/home-paths.ts'
import type { OfferSource, ProviderAccess } from '../jobs/ports.ts'
import { gatherOffers } from '../providers/gather-offers.ts'
import type {
  Capabilities,
  Capability,
  Credentials,
  ProviderAbout,
  ProviderSession,
} from '../providers/provider.ts'
import type { ProviderRegistry } from '../providers/registry.ts'
import type { Accounts, StoredAccount } from './accounts.ts'
import type { CredentialStore } from './credential-store.ts'
import { redactedSession } from './redacted-session.ts'

export interface ProviderAccessDeps {
  readonly registry: ProviderRegistry
  readonly accounts: Accounts
  readonly credentials: CredentialStore
  readonly paths: HomePaths
  readonly clock: Clock
  readonly homeId: string
  /** The last client's environment: SSH_AUTH_SOCK and usual credential variables. */
  readonly clientEnvironment: () => Readonly<Record<string, string>>
  readonly log: Logger
  readonly redactor: Pick<Redactor, 'redactDeep'>
}

/** Opens provider sessions with credentials from the vault, and asks several for offers at once. */
export class EngineProviderAccess implements ProviderAccess {
  readonly #deps: ProviderAccessDeps

  constructor(deps: ProviderAccessDeps) {
    this.#deps = deps
  }

  async session(accountId: string): Promise<ProviderSession> {
    const account = this.#deps.accounts.get(accountId)
    return this.open(account, await this.#deps.credentials.read(account))
  }

  /** A session for an account that need not be stored yet, for the check before it is added. */
  open(account: StoredAccount, credentials: Credentials): ProviderSession {
    const { registry, clock, homeId, paths, clientEnvironment, log, redactor } = this.#deps
    const session = registry.get(account.providerId).connect(
      { ...account, credentials },
      {
        clock,
        homeId,
        stateDir: paths.provider(account.providerId),
        environment: clientEnvironment(),
        log: (message, facts = {}) => log.info({ ...facts, provider: account.providerId }, message),
      },
    )
    return redactedSession(session, redactor)
  }

  knows(providerId: string): boolean {
    return this.#deps.registry.has(providerId)
  }

  about(providerId: string): ProviderAbout {
    return this.#deps.registry.about(providerId)
  }

  accountName(accountId: string): string {
    const all = this.#deps.accounts.all()
    const account = all.find(({ id }) => id === accountId)
    if (account === undefined) return accountId
    const { providerId, name } = account
    if (providerId === 'host') return name
    const siblings = all.filter((one) => one.providerId === providerId)
    const provider = this.about(providerId).name
    return siblings.length === 1 ? provider : `${provider} (${name})`
  }

  capabilities(providerId: string): Capabilities {
    return this.#deps.registry.get(providerId).capabilities
  }

  clientLevel(accountId: string): Capability {
    switch (this.#deps.credentials.whereabouts(this.#deps.accounts.get(accountId))) {
      case 'keychain':
      case 'none':
        return true
      case 'session':
        return 'The keys of its account are in memory only and gone when the engine ends.'
      case 'environment':
        return 'The keys of its account come from your environment and are gone when the engine ends.'
    }
  }

  async offers(
    query: OfferQuery,
    signal: AbortSignal,
  ): Promise<{ readonly offers: readonly Offer[]; readonly sources: readonly OfferSource[] }> {
    const accounts = this.#accountsFor(query)
    const opened = await Promise.allSettled(
      accounts.map(async (account) => ({
        providerId: account.providerId,
        accountId: account.id,
        session: await this.session(account.id),
      })),
    )
    const sessions = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const closed = opened.flatMap((one, index) => {
      const account = accounts[index]
      if (one.status === 'fulfilled' || account === undefined) return []
      const sentence = one.reason instanceof Error ? one.reason.message : String(one.reason)
      return [
        { providerId: account.providerId, accountId: account.id, ok: false, sentence, dropped: 0 },
      ]
    })
    const gathered = await gatherOffers(sessions, query, signal)
    return { offers: gathered.offers, sources: [...gathered.sources, ...closed] }
  }

  #accountsFor(query: OfferQuery): StoredAccount[] {
    const { accounts, registry } = this.#deps
    if (query.providerId !== undefined) registry.get(query.providerId)
    const asked = accounts
      .all()
      .filter(
        (account) =>
          (query.providerId === undefined || account.providerId === query.providerId) &&
          (query.accountId === undefined || account.id === query.accountId),
      )
    if (asked.length === 0) {
      throw new SubletError(
        'auth',
        `There is no account for ${query.providerId ?? 'any provider'} yet. Add one: sublet accounts add ${query.providerId ?? ''}`.trim(),
      )
    }
    return asked
  }
}
