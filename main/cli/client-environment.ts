import type { Api } from './api.ts'

/** Always passed: the agent for ssh, and the path on which the user's own steps find their tools. */
const always = ['SSH_AUTH_SOCK', 'PATH', 'HOME', 'VIRTUAL_ENV'] as const

/** The variables of this terminal that a request may use: those, and what providers call their keys. */
export async function credentialVariables(
  api: Api,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const providers = await api.accounts.providers({})
  const named = providers.flatMap((provider) =>
    provider.fields.flatMap((field) => field.environmentVariable ?? []),
  )
  const passed: Record<string, string> = {}
  for (const name of [...always, ...named]) {
    const value = env[name]
    if (value !== undefined && value !== '') passed[name] = value
  }
  return passed
}
