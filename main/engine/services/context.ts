import type { BudgetRoom } from '../../jobs/budget-room.ts'
import type { HomeLink, RentalMachines } from '../../jobs/ports.ts'
import type { JobDesk } from '../../jobs/desk.ts'
import type { HomePaths } from '../../jobs/home-paths.ts'
import type { Journal } from '../../jobs/journal/journal.ts'
import type { LedgerBooks } from '../../jobs/ledger-books.ts'
import type { LiveFeed } from '../../jobs/live-feed.ts'
import type { MonitorArchive } from '../../jobs/monitor/archive.ts'
import type { Wake } from '../../jobs/wake.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { SshHostConnector } from '../../machine/ssh/host-connector.ts'
import type { ProviderRegistry } from '../../providers/registry.ts'
import type { Accounts } from '../accounts.ts'
import type { BucketStore } from '../bucket-store.ts'
import type { ClientEnvironment } from '../client-environment.ts'
import type { CredentialStore } from '../credential-store.ts'
import type { NoticeBoard } from '../notice-board.ts'
import type { EngineProviderAccess } from '../provider-access.ts'
import type { Radar } from '../radar/radar.ts'
import type { SecretStore } from '../secret-store.ts'
import type { SshConfig } from '../ssh-config.ts'
import type { EngineDeps } from '../services-port.ts'

/** The engine's parts, as the handlers use them; made in `services.ts`. */
export interface ServiceParts extends EngineDeps {
  readonly journal: Journal
  readonly wake: Wake
  readonly feed: LiveFeed
  readonly monitor: MonitorArchive
  readonly paths: HomePaths
  readonly accounts: Accounts
  readonly credentials: CredentialStore
  readonly bucketStore: BucketStore
  readonly secretStore: SecretStore
  readonly registry: ProviderRegistry
  readonly providers: EngineProviderAccess
  readonly machines: RentalMachines
  readonly ledger: Ledger
  readonly books: LedgerBooks
  readonly room: BudgetRoom
  readonly homeLink: HomeLink
  readonly desk: JobDesk
  readonly hostConnector: SshHostConnector
  readonly clientEnvironment: ClientEnvironment
  readonly notices: NoticeBoard
  readonly sshConfig: SshConfig
  readonly radar: Radar
}
