import type { Contract } from '../../../preload/contract/contract.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about secrets of jobs: values go in, names come out. */
export function secretHandlers(parts: ServiceParts): Handlers<Contract>['secrets'] {
  const { secretStore, vault } = parts
  return {
    set: async ({ name, value }) => {
      await secretStore.set(name, value)
      return vault.state
    },
    list: async () => secretStore.list(),
    remove: async ({ name }) => {
      await secretStore.remove(name)
      return {}
    },
  }
}
