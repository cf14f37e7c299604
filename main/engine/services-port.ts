import type { Contract } from '../../preload/contract/contract.ts'
import type { Clock } from '../domain/clock.ts'
import type { Logger } from '../domain/logger.ts'
import type { Redactor } from '../logging/redactor.ts'
import type { ContractTable } from '../../preload/contract/procedure.ts'
import type { Handlers } from '../rpc/handlers.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Settings } from '../settings/settings.ts'
import type { Database } from '../store/database.ts'
import type { Home } from './home.ts'

/** What the host process gives to the engine's business. */
export interface EngineDeps {
  readonly home: Home
  readonly homeId: string
  readonly version: string
  /** Epoch ms, engine time. */
  readonly startedAt: number
  readonly database: Database
  readonly clock: Clock
  readonly vault: Vault
  readonly settings: Settings
  readonly log: Logger
  /** Register every secret here as soon as it is read. */
  readonly redactor: Redactor
  /** For `system.shutdown`: leaves once there is no job and no rental, or at once with `force`. */
  readonly shutdown: (how: { readonly force: boolean }) => void
}

/** What keeps the engine alive. */
export interface Activity {
  readonly activeJobs: number
  readonly rentalsWithoutReceipt: number
}

/** The engine's business, as the host process sees it. */
export interface EngineServices<C extends ContractTable = Contract> {
  readonly handlers: Handlers<C>
  /** Cheap: asked several times a second. */
  activity(): Activity
  /** Takes up what the journal holds; clients are served already. */
  start(): Promise<void>
  /**
   * Takes no new work, finishes journal writes, lets go of machines without ending them. What was
   * under way is taken up by the next engine. Nothing is written after it resolves.
   */
  stop(): Promise<void>
}

export type CreateServices<C extends ContractTable = Contract> = (
  deps: EngineDeps,
) => EngineServices<C> | Promise<EngineServices<C>>
