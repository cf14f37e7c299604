import { randomBytes } from 'node:crypto'
import { SubletError, toSubletError } from '../domain/errors.ts'
import { keychainStore } from './keychain.ts'
import { sessionStore } from './session-store.ts'
import type { PasswordStore, Vault, VaultNames, VaultState } from './vault.ts'

export interface VaultOptions {
  readonly names: VaultNames
  readonly now: () => number
  /** How long the keychain may take to answer at the start; 3 s unless told. */
  readonly probeTimeoutMs?: number
  /** Replaced by tests. */
  readonly keychain?: (timeoutMs: number) => PasswordStore
}

/** A user may be typing the keychain's password. */
const callTimeoutMs = 60_000

/**
 * Asks whether the system's keychain works, by writing, reading and deleting an entry, and answers
 * a vault on it; on this session's memory otherwise, with a sentence that says so. Never a file.
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const open = options.keychain ?? keychainStore
  const state = await probe(open(options.probeTimeoutMs ?? 3_000))
  return state.kind === 'keychain'
    ? keychainVault(state, open(callTimeoutMs), options)
    : sessionVault(state, options)
}

async function probe(store: PasswordStore): Promise<VaultState> {
  const [service, account] = ['sublet/probe', randomBytes(8).toString('hex')]
  try {
    await store.set(service, account, account)
    const back = await store.get(service, account)
    await store.delete(service, account)
    if (back !== account) throw new SubletError('keychain', 'It does not keep what it is given.')
    return { kind: 'keychain', sentence: 'Secrets are kept in the keychain of this computer.' }
  } catch (error) {
    return {
      kind: 'session',
      sentence: `Secrets are kept in memory only and are gone when the engine stops, because the keychain cannot be used: ${toSubletError(error).message}`,
    }
  }
}

function keychainVault(state: VaultState, store: PasswordStore, options: VaultOptions): Vault {
  const { names, now } = options
  return {
    state,
    getPassword: (service, account) => store.get(service, account),
    setPassword: async (service, account, value) => {
      await store.set(service, account, value)
      names.record(service, account, now())
    },
    deletePassword: async (service, account) => {
      const existed = await store.delete(service, account)
      names.forget(service, account)
      return existed
    },
    names: (service) =>
      names.list(service).map((entry) => ({ ...entry, keptIn: 'keychain' as const })),
  }
}

function sessionVault(state: VaultState, options: VaultOptions): Vault {
  const store = sessionStore(options.now)
  const outOfReach = (service: string, account: string) =>
    options.names.list(service).some((entry) => entry.account === account)
  const refuse = (account: string) =>
    new SubletError(
      'keychain',
      `${account} is in the keychain, which is out of reach. ${state.sentence}`,
    )
  return {
    state,
    getPassword: async (service, account) => {
      const value = await store.get(service, account)
      if (value === null && outOfReach(service, account)) throw refuse(account)
      return value
    },
    setPassword: (service, account, value) => store.set(service, account, value),
    deletePassword: async (service, account) => {
      const existed = await store.delete(service, account)
      if (!existed && outOfReach(service, account)) throw refuse(account)
      return existed
    },
    names: (service) => {
      const here = store.list(service).map((entry) => ({ ...entry, keptIn: 'session' as const }))
      const shadowed = new Set(here.map((entry) => entry.account))
      const there = options.names.list(service).filter((entry) => !shadowed.has(entry.account))
      return [...here, ...there.map((entry) => ({ ...entry, keptIn: 'keychain' as const }))]
    },
  }
}
