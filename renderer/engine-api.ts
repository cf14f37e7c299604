import { contract, type Contract } from '../preload/contract/contract.ts'
import { SubletError } from '../main/domain/errors.ts'
import type { Api, Client, RequestOptions } from '../main/rpc/client/client.ts'

type Procedures = Readonly<
  Record<string, (input: unknown, options?: RequestOptions) => Promise<unknown>>
>

/** The contract as functions that wait for a connection first, as long as their signal allows. */
export function deriveWaitingApi(client: () => Promise<Client<Contract>>): Api<Contract> {
  const services = Object.entries(contract).map(([service, procedures]) => [
    service,
    Object.fromEntries(
      Object.keys(procedures).map((name) => [
        name,
        async (input: unknown, options: RequestOptions = {}) => {
          const { api } = await unlessAborted(client(), options.signal)
          const procedure = (api as Readonly<Record<string, Procedures>>)[service]?.[name]
          return await procedure?.(input, options)
        },
      ]),
    ),
  ])
  // The entries come from the contract itself, which TypeScript cannot follow.
  return Object.fromEntries(services) as Api<Contract>
}

async function unlessAborted<T>(value: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await value
  const cancelled = (): SubletError => new SubletError('cancelled', 'The request was cancelled.')
  if (signal.aborted) throw cancelled()
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(cancelled())
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([value, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
