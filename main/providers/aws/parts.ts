import type { LaunchOnce } from '../launch-once.ts'
import type { AddressFollower } from './follow-address.ts'
import type { LaunchNotes } from './launch-notes.ts'
import type { Account, ProviderContext } from '../provider.ts'
import type { AwsApi } from './api.ts'
import type { AwsPlace } from './place.ts'
import type { PriceList } from './price-list.ts'
import type { QuotaBook } from './quotas.ts'

/** What everything about one AWS account works with. */
export interface AwsParts {
  readonly api: AwsApi
  readonly account: Account
  readonly context: ProviderContext
  readonly place: AwsPlace
  readonly prices: PriceList
  readonly quotas: QuotaBook
  readonly once: LaunchOnce
  readonly notes: LaunchNotes
  readonly follower: AddressFollower
}
