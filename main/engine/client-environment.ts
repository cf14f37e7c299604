import { splitEnvironment } from '../domain/shell-variables.ts'

/**
 * What clients passed of their environment with their requests: SSH_AUTH_SOCK and the providers'
 * usual credential variables. Held in memory only; the engine's own environment is never used.
 */
export class ClientEnvironment {
  #values: Readonly<Record<string, string>> = {}

  /** Takes a request's environment, less its shell variables; later values win, absent ones stay. */
  learn(environment: Readonly<Record<string, string>>): void {
    this.#values = { ...this.#values, ...splitEnvironment(environment).credentials }
  }

  values(): Readonly<Record<string, string>> {
    return this.#values
  }

  get agentSocket(): string | undefined {
    return this.#values['SSH_AUTH_SOCK']
  }
}
