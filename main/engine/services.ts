import { Breaker } from '../jobs/breaker.ts'
import { BudgetRoom } from '../jobs/budget-room.ts'
import { AcknowledgedByMachine } from '../transfer/acknowledged.ts'
import { HomePaths } from '../jobs/home-paths.ts'
import { Journal } from '../jobs/journal/journal.ts'
import { JobDesk } from '../jobs/desk.ts'
import { Keeper } from '../jobs/keeper.ts'
import { LedgerBooks } from '../jobs/ledger-books.ts'
import { LiveFeed } from '../jobs/live-feed.ts'
import { MonitorArchive } from '../jobs/monitor/archive.ts'
import { keepWarm } from '../jobs/monitor/keep-warm.ts'
import { stepTable } from '../jobs/steps/table.ts'
import { usefulSpans } from '../jobs/useful-spans.ts'
import { costOf } from '../jobs/views/summary.ts'
import { Wake } from '../jobs/wake.ts'
import { followZone } from '../domain/reporting-day.ts'
import { Budgets } from '../ledger/budgets.ts'
import { Ledger } from '../ledger/ledger.ts'
import { SpendSums } from '../ledger/spend-sums.ts'
import { ownPlaces, SshHostConnector } from '../machine/ssh/host-connector.ts'
import { settingRows } from '../store/setting-rows.ts'
import type { Provider } from '../providers/provider.ts'
import { ProviderRegistry } from '../providers/registry.ts'
import { sandboxAccount } from '../providers/sandbox/provider.ts'
import { Accounts } from './accounts.ts'
import { builtInProviders } from './built-in-providers.ts'
import { BucketStore } from './bucket-store.ts'
import { ClientEnvironment } from './client-environment.ts'
import { CredentialStore } from './credential-store.ts'
import { EngineHomeLink } from './home-link.ts'
import { KnownHostsPins } from './known-hosts-pins.ts'
import { NoticeBoard } from './notice-board.ts'
import { EngineProviderAccess } from './provider-access.ts'
import { Radar } from './radar/radar.ts'
import { SshRentalMachines } from './rental-machines.ts'
import { SecretStore } from './secret-store.ts'
import { accountHandlers } from './services/accounts.ts'
import { bucketHandlers } from './services/bucket.ts'
import { budgetHandlers } from './services/budgets.ts'
import type { ServiceParts } from './services/context.ts'
import { fileHandlers } from './services/files.ts'
import { hostHandlers } from './services/hosts.ts'
import { instanceHandlers } from './services/instances.ts'
import { jobHandlers } from './services/jobs.ts'
import { ledgerHandlers } from './services/ledger.ts'
import { logHandlers } from './services/logs.ts'
import { metricsHandlers } from './services/metrics.ts'
import { offerHandlers } from './services/offers.ts'
import { sandboxHandlers } from './services/sandbox.ts'
import { secretHandlers } from './services/secrets.ts'
import { settingHandlers } from './services/settings.ts'
import { systemHandlers } from './services/system.ts'
import { SshConfig } from './ssh-config.ts'
import { sweepRentals } from './sweep-rentals.ts'
import type { EngineDeps, EngineServices } from './services-port.ts'

/**
 * Puts the engine's parts together: the composition root of everything below the host process.
 * `furtherProviders` is for tests that need a cloud with credentials.
 */
export function createServices(
  deps: EngineDeps,
  furtherProviders: readonly Provider[] = [],
): EngineServices {
  const { clock, database, vault, redactor, log, homeId, settings } = deps
  const paths = new HomePaths(deps.home.dir)
  const clientEnvironment = new ClientEnvironment()
  const environment = (): Readonly<Record<string, string>> => clientEnvironment.values()
  const hostConnector = new SshHostConnector(new KnownHostsPins(paths.hostPins), ownPlaces())
  const registry = new ProviderRegistry([...builtInProviders(hostConnector), ...furtherProviders])
  const accounts = new Accounts(database, clock, [sandboxAccount])
  const credentials = new CredentialStore(vault, registry, redactor, environment)
  const secretStore = new SecretStore(vault, redactor)
  const bucketStore = new BucketStore(settingRows(database), vault, redactor)
  const providers = new EngineProviderAccess({
    registry,
    accounts,
    credentials,
    paths,
    clock,
    homeId,
    clientEnvironment: environment,
    log,
    redactor,
  })
  const machines = new SshRentalMachines(paths, () => clientEnvironment.agentSocket)
  const journal = new Journal(database, clock)
  const wake = new Wake(clock)
  const acknowledged = new AcknowledgedByMachine()
  journal.onChange(({ jobs, rentals }) => {
    for (const id of [...jobs, ...rentals]) wake.notify(id)
    for (const id of rentals) {
      if (journal.rental(id).phase === 'released') acknowledged.forget(id)
    }
  })
  const feed = new LiveFeed()
  const monitor = new MonitorArchive(paths)
  const stopWarming = keepWarm({ feed, journal, clock, log }, monitor)
  const ledger = new Ledger(database)
  const homeLink = new EngineHomeLink(settings, paths.linkSpeeds)
  const zone = followZone(() => settings.get('reportingZone'))
  const books = new LedgerBooks(ledger, clock, zone, (rental) => usefulSpans(journal, rental))
  const closed = new SpendSums(database, [])
  const room = new BudgetRoom({
    clock,
    journal,
    budgets: () => new Budgets(database).list(),
    closedMicros: (query) => closed.sum(query).micros,
    entries: (rental) => books.entries(rental),
    zone,
    homeLink,
    feed,
  })
  const breaker = new Breaker({ clock, journal, wake, books, room, homeLink, feed, log })
  const notices = new NoticeBoard(journal, clock, (job) => costOf(job, { journal, books }))
  feed.onSamples((jobId, samples) => notices.measured(jobId, samples))
  const keeper = new Keeper({ clock, journal, wake, providers, machines, books, log })
  const desk = new JobDesk(
    {
      clock,
      journal,
      wake,
      providers,
      machines,
      books,
      room,
      homeLink,
      secrets: secretStore,
      buckets: bucketStore,
      paths,
      feed,
      log,
      acknowledged,
      redactor,
      homeId,
      maxConcurrentJobs: () => settings.get('maxConcurrentJobs'),
    },
    stepTable,
  )
  const sshConfig = new SshConfig({ journal, paths, log, userDir: ownPlaces().home })
  const radar = new Radar({ clock, journal, accounts, providers, homeId, log }, (view) =>
    notices.spotted(view),
  )
  const parts: ServiceParts = {
    ...deps,
    journal,
    wake,
    feed,
    monitor,
    paths,
    accounts,
    credentials,
    secretStore,
    bucketStore,
    registry,
    providers,
    machines,
    ledger,
    books,
    room,
    homeLink,
    desk,
    hostConnector,
    clientEnvironment,
    notices,
    sshConfig,
    radar,
  }
  const leaving = new AbortController()
  return {
    handlers: {
      system: systemHandlers(parts),
      jobs: jobHandlers(parts),
      logs: logHandlers(parts),
      metrics: metricsHandlers(parts),
      files: fileHandlers(parts),
      offers: offerHandlers(parts),
      instances: instanceHandlers(parts),
      ledger: ledgerHandlers(parts),
      budgets: budgetHandlers(parts),
      accounts: accountHandlers(parts),
      hosts: hostHandlers(parts),
      bucket: bucketHandlers(parts),
      secrets: secretHandlers(parts),
      settings: settingHandlers(parts),
      sandbox: sandboxHandlers(parts),
    },
    activity: () => ({
      activeJobs: journal.openJobs().length,
      rentalsWithoutReceipt: journal.openRentals().length,
    }),
    start: async () => {
      await sweepRentals({ paths, journal, machines, log })
      await sshConfig.start(leaving.signal)
      keeper.start(leaving.signal)
      breaker.start(leaving.signal)
      desk.start()
      radar.start(leaving.signal)
    },
    stop: async () => {
      leaving.abort()
      stopWarming()
      await Promise.all([desk.stop(), keeper.settled(), radar.settled()])
      for (const rental of journal.openRentals()) machines.drop(rental.id)
    },
  }
}
