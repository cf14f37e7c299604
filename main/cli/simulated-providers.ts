import type { Api } from './api.ts'

/** Ids of the providers where nothing is really rented, to mark them wherever they appear. */
export async function simulatedProviders(api: Api): Promise<ReadonlySet<string>> {
  const providers = await api.accounts.providers({})
  return new Set(providers.filter((one) => one.simulated).map((one) => one.id))
}
