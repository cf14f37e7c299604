import { requestVariables } from '../rpc/request-variables.ts'
import type { Api } from './api.ts'
import type { EngineLink } from './engine-link.ts'
import type { Style } from './format/style.ts'
import type { Io } from './io.ts'

/** What every command gets: the terminal, the engine, and where to leave its exit code. */
export interface CliContext {
  readonly io: Io
  readonly engine: EngineLink
  readonly style: Style
  readonly version: string
  /** Words after `--`, which belong to the job's script or to ssh. */
  readonly passedOn: readonly string[]
  setExitCode(code: number): void
  /** The same terminal with the engine of another home; close its link when done. */
  atHome(home: string): CliContext
}

/** The engine's procedures and the variables of this terminal that a request may use. */
export async function engineAndEnvironment(
  context: CliContext,
): Promise<{ readonly api: Api; readonly environment: Record<string, string> }> {
  const api = await context.engine.api()
  return { api, environment: await requestVariables(api, context.io.env) }
}

/** Writes one line to standard output. */
export function say(context: { readonly io: Io }, line = ''): void {
  context.io.out(`${line}\n`)
}

/** Writes one JSON value on a line of its own. */
export function sayJson(context: { readonly io: Io }, value: unknown): void {
  context.io.out(`${JSON.stringify(value)}\n`)
}
