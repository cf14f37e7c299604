import { pino } from 'pino'
import type { Logger } from '../domain/logger.ts'
import type { Redactor } from './redactor.ts'
import { RotatingFile } from './rotating-file.ts'

/** Fields that never hold anything for the log, one level deep or at the top. */
const secretFields = [
  'password',
  'secret',
  'token',
  'apiKey',
  'authorization',
  'privateKey',
  'environment',
  'values',
  'value',
]

export interface LogOptions {
  readonly file: string
  readonly redactor: Redactor
  readonly level?: 'debug' | 'info' | 'warn' | 'error'
  /** The file starts anew beyond this; 10 MiB unless told. */
  readonly maxBytes?: number
}

/** JSON lines in `file`. Everything passes the redactor, here and nowhere else. */
export function openLog(options: LogOptions): Logger & { close(): void } {
  const { redactor } = options
  const file = new RotatingFile(options.file, options.maxBytes ?? 10 * 2 ** 20)
  const paths = secretFields.flatMap((field) => [field, `*.${field}`])
  const log = pino(
    { level: options.level ?? 'info', redact: { paths, censor: '[secret]' }, base: null },
    { write: (line: string) => file.write(redactor.redact(line)) },
  )
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    close: () => file.close(),
  }
}
