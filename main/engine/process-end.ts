import type { Logger } from '../domain/logger.ts'

/** SIGTERM, SIGINT and SIGHUP ask for an orderly end. */
export function endOnSignal(onSignal: (signal: NodeJS.Signals) => void): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => onSignal(signal))
  }
}

/**
 * What nobody caught leaves the process in an unknown state: it is logged and the process ends
 * with 1. The journal makes that harmless; the next engine takes everything up.
 */
export function endOnCrash(log: Logger): void {
  const end = (err: unknown, message: string) => {
    try {
      log.error({ err }, message)
    } finally {
      process.exit(1)
    }
  }
  process.on('uncaughtException', (error) => end(error, 'The engine crashed.'))
  process.on('unhandledRejection', (reason) => end(reason, 'The engine crashed on a promise.'))
}
