import type { Contract } from '../../preload/contract/contract.ts'
import { isShellVariable } from '../domain/shell-variables.ts'
import type { Api } from './client/client.ts'

/**
 * The variables of a host (command line, browser host, desktop) that a request may use: the agent
 * for ssh, what providers call their keys, and what the user's own steps need to find their tools.
 * The engine keeps them apart.
 */
export async function requestVariables(
  api: { readonly accounts: Pick<Api<Contract>['accounts'], 'providers'> },
  env: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const providers = await api.accounts.providers({})
  const credentials = new Set([
    'SSH_AUTH_SOCK',
    ...providers.flatMap(({ fields, environmentVariables = [] }) => [
      ...fields.flatMap((one) => one.environmentVariable ?? []),
      ...environmentVariables,
    ]),
  ])
  const passed: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    const wanted = credentials.has(name) || isShellVariable(name)
    if (wanted && value !== undefined && value !== '') passed[name] = value
  }
  return passed
}
