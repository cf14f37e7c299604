import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Contract } from '../../../preload/contract/contract.ts'
import { connectEngine } from '../../../main/engine/connect.ts'
import { homeAt, prepareHome } from '../../../main/engine/home.ts'
import { subletVersion } from '../../../main/engine/version.ts'
import type { Client } from '../../../main/rpc/client/client.ts'
import { eventually } from '../../support/eventually.ts'
import { planVariable } from './kill-plan.ts'

const entry = fileURLToPath(new URL('../../../main/engine.ts', import.meta.url))
const preload = new URL('../../support/kill-at-write-child.ts', import.meta.url).href

export interface MortalEngineOptions {
  readonly home: string
  readonly planFile: string
  readonly environment: Readonly<Record<string, string>>
  /** Compiled code, shared by all engines of a run, so that a start costs little. */
  readonly cache: string
}

/**
 * The shipping engine of a home, started anew each time a SIGKILL ends it: by the next client, as
 * it were. Any other end is a failure.
 */
export class MortalEngine {
  readonly #options: MortalEngineOptions
  #child: ChildProcess | null = null
  #client: Promise<Client<Contract>> | null = null
  #leaving = false
  #failure: Error | null = null

  constructor(options: MortalEngineOptions) {
    this.#options = options
    this.#start()
  }

  /** Why it ended other than by SIGKILL; null when it did not. */
  get failure(): Error | null {
    return this.#failure
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** Asks the engine that runs at the moment; a kill in the middle rejects with `unreachable`. */
  async ask<T>(work: (api: Client<Contract>['api']) => Promise<T>): Promise<T> {
    if (this.#failure !== null) throw this.#failure
    this.#client ??= this.#connect()
    const mine = this.#client
    try {
      const client = await mine
      return await work(client.api)
    } catch (thrown) {
      const client = await mine.catch(() => null) // Nobody to let go of.
      client?.close()
      if (this.#client === mine) this.#client = null
      throw thrown
    }
  }

  /** Ends it in order, and waits until it is gone. */
  async stop(): Promise<void> {
    this.#leaving = true
    const client = await this.#client?.catch(() => null) // Killed a moment ago.
    client?.close()
    this.#child?.kill('SIGTERM')
    await eventually(() => this.#child === null, { timeoutMs: 20_000, what: 'the engine to end' })
  }

  async #connect(): Promise<Client<Contract>> {
    const options = { clientVersion: subletVersion(), role: 'test', startIfAbsent: false }
    return await eventually(() => connectEngine({ ...options, home: this.#options.home }), {
      timeoutMs: 30_000,
      everyMs: 15,
      what: 'the engine to answer',
    })
  }

  #start(): void {
    const { home, planFile, environment, cache } = this.#options
    prepareHome(homeAt(home))
    const output = openSync(join(home, 'engine-output.txt'), 'a', 0o600)
    const child = spawn(process.execPath, ['--import', preload, entry], {
      cwd: home,
      env: {
        PATH: process.env['PATH'],
        ...environment,
        SUBLET_HOME: home,
        SUBLET_ENGINE_IDLE_MS: '3600000',
        NODE_COMPILE_CACHE: cache,
        [planVariable]: planFile,
      },
      stdio: ['ignore', output, output],
    })
    closeSync(output)
    this.#child = child
    child.on('exit', (code, signal) => {
      this.#child = null
      if (this.#leaving) return
      if (signal === 'SIGKILL') this.#start()
      else this.#failure = new Error(`The engine ended by itself with ${code ?? signal}.`)
    })
  }
}
