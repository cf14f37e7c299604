import { accountsService } from './services/accounts.ts'
import { bucketService } from './services/bucket.ts'
import { budgetsService } from './services/budgets.ts'
import { filesService } from './services/files.ts'
import { hostsService } from './services/hosts.ts'
import { instancesService } from './services/instances.ts'
import { jobsService } from './services/jobs.ts'
import { ledgerService } from './services/ledger.ts'
import { logsService } from './services/logs.ts'
import { metricsService } from './services/metrics.ts'
import { offersService } from './services/offers.ts'
import { sandboxService } from './services/sandbox.ts'
import { secretsService } from './services/secrets.ts'
import { settingsService } from './services/settings.ts'
import { systemService } from './services/system.ts'

/**
 * Rises with every change that an older peer could not understand. A newer client drains and
 * replaces an older engine; an older client is told to update.
 */
export const contractVersion = 3

/** Every procedure of the engine, grouped by service. Hosts, mocks and docs derive from it. */
export const contract = {
  system: systemService,
  jobs: jobsService,
  logs: logsService,
  metrics: metricsService,
  files: filesService,
  offers: offersService,
  instances: instancesService,
  ledger: ledgerService,
  budgets: budgetsService,
  accounts: accountsService,
  hosts: hostsService,
  secrets: secretsService,
  bucket: bucketService,
  settings: settingsService,
  sandbox: sandboxService,
} as const

export type Contract = typeof contract
