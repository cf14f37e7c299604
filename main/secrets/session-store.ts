import type { PasswordStore } from './vault.ts'

/** Values in this process' memory, gone with it. */
export interface SessionStore extends PasswordStore {
  list(service: string): { account: string; setAt: number }[]
}

export function sessionStore(now: () => number): SessionStore {
  const services = new Map<string, Map<string, { value: string; setAt: number }>>()
  return {
    get: (service, account) => Promise.resolve(services.get(service)?.get(account)?.value ?? null),
    set: (service, account, value) => {
      const entries = services.get(service) ?? new Map<string, { value: string; setAt: number }>()
      services.set(service, entries.set(account, { value, setAt: now() }))
      return Promise.resolve()
    },
    delete: (service, account) => Promise.resolve(services.get(service)?.delete(account) ?? false),
    list: (service) =>
      [...(services.get(service) ?? [])].map(([account, { setAt }]) => ({ account, setAt })),
  }
}
