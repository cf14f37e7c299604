import type { Contract } from '../../../preload/contract/contract.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about files. */
export function fileHandlers(_parts: ServiceParts): Handlers<Contract>['files'] {
  return {}
}
