type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void

/** Where a part reports what it does. Secrets are removed behind it, in one place (main/logging). */
export interface Logger {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
}

/** For code and tests that have nothing to report to. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
