import type { Contract } from '../../../preload/contract/contract.ts'
import { checkBucket } from '../../bucket/check.ts'
import { SubletError } from '../../domain/errors.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about the bucket for results. */
export function bucketHandlers({ bucketStore, vault }: ServiceParts): Handlers<Contract>['bucket'] {
  return {
    show: async () => ({ config: bucketStore.config() }),
    set: async ({ config, secretKey }) => {
      await bucketStore.set(config, secretKey)
      return vault.state
    },
    check: async (_input, { signal }) => {
      const opened = await bucketStore.open()
      if (opened === null) {
        throw new SubletError(
          'not-found',
          'No bucket is set. Set one in Settings, or with "sublet bucket set".',
        )
      }
      await checkBucket(opened.bucket, signal)
      return {
        sentence: `The bucket ${opened.bucket.label} can be written, read, verified and cleared.`,
      }
    },
    remove: async () => {
      await bucketStore.remove()
      return {}
    },
  }
}
