/** Where secrets are kept now, and one sentence for the user about it. */
export interface VaultState {
  readonly kind: 'keychain' | 'session'
  readonly sentence: string
}

/** The name of a secret that is kept; values are read one at a time, by name. */
export interface VaultEntry {
  readonly account: string
  readonly setAt: number
  readonly keptIn: 'keychain' | 'session'
}

/**
 * Secrets by service (`sublet/account/<id>`, `sublet/secret`) and account (the field's or secret's
 * name). All failures are SubletErrors of code `keychain`, or `invalid` for values that do not fit.
 */
export interface Vault {
  readonly state: VaultState
  /** Null when it was never set. Fails when it lies in a keychain that cannot be reached now. */
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, value: string): Promise<void>
  /** True when there was something to delete. */
  deletePassword(service: string, account: string): Promise<boolean>
  /** What is kept for a service; the keychain itself is not asked. */
  names(service: string): readonly VaultEntry[]
}

/** Which keychain entries exist: kept in the database, because keychains list badly. */
export interface VaultNames {
  record(service: string, account: string, setAt: number): void
  forget(service: string, account: string): void
  list(service: string): readonly { readonly account: string; readonly setAt: number }[]
}

/** A place that keeps values: the system's keychain, or this process' memory. */
export interface PasswordStore {
  get(service: string, account: string): Promise<string | null>
  set(service: string, account: string, value: string): Promise<void>
  delete(service: string, account: string): Promise<boolean>
}
