import type { Contract } from '../../preload/contract/contract.ts'
import type { Api as ApiOf, Client as ClientOf } from '../rpc/client/client.ts'

/** The engine's procedures, as the commands call them. */
export type Api = ApiOf<Contract>

/** One connection to the engine. */
export type Connection = ClientOf<Contract>
