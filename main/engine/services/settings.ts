import type { Contract } from '../../../preload/contract/contract.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about settings. */
export function settingHandlers(_parts: ServiceParts): Handlers<Contract>['settings'] {
  return {}
}
