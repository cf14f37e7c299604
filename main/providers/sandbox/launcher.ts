import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SubletError } from '../../domain/errors.ts'
import { sandboxEntry } from './entry.ts'
import { endpointSchema } from './wire.ts'
import type { Endpoint } from './wire.ts'

/** How the sandbox's program is started. All of it can be replaced by tests. */
export interface SandboxDeps {
  readonly nodePath: string
  readonly entry: string
  /** The program's whole environment; SUBLET_CLOCK in it sets its speed. */
  readonly environment: Readonly<Record<string, string>>
  /** The program leaves after this long without a machine (physical time); absent: its default. */
  readonly idleMs?: number
  /** A request that takes longer fails with `unavailable` (physical time). */
  readonly requestTimeoutMs: number
  /** The program must answer within this time after its start (physical time). */
  readonly startTimeoutMs: number
}

const passedOn = ['PATH', 'HOME', 'SHELL', 'LANG', 'TMPDIR', 'SUBLET_CLOCK', 'NODE_COMPILE_CACHE']

/** This Node, this build's program, and of the process's environment only what it needs. */
export function defaultSandboxDeps(environment: NodeJS.ProcessEnv = process.env): SandboxDeps {
  const kept = passedOn.flatMap((name) =>
    environment[name] === undefined ? [] : [[name, environment[name]] as const],
  )
  return {
    nodePath: process.execPath,
    entry: sandboxEntry(),
    environment: Object.fromEntries(kept),
    requestTimeoutMs: 30_000,
    startTimeoutMs: 20_000,
  }
}

/** The sandbox's own folder below the provider's state folder. */
export const sandboxDir = (stateDir: string): string => join(stateDir, 'sandbox')

/** Where the running sandbox listens, by its own word; null when it has left none that is alive. */
export function readEndpoint(stateDir: string): Endpoint | null {
  const path = join(sandboxDir(stateDir), 'endpoint.json')
  if (!existsSync(path)) return null
  try {
    const endpoint = endpointSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    process.kill(endpoint.pid, 0)
    return endpoint
  } catch {
    // The file is from a sandbox that was killed, or just being removed: as good as none.
    return null
  }
}

const alreadyRunning = 75
const noShell = 78

/**
 * Starts the program, detached, and waits until it listens. Somebody else may be starting it at the
 * same moment: then theirs is used. `stale` is an endpoint that no longer answers.
 */
export async function startSandbox(
  stateDir: string,
  deps: SandboxDeps,
  stale: Endpoint | null,
  signal: AbortSignal,
): Promise<Endpoint> {
  const dir = sandboxDir(stateDir)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const logPath = join(dir, 'sandbox.log')
  const deadline = performance.now() + deps.startTimeoutMs
  while (performance.now() < deadline) {
    const started = launch(deps, dir, logPath)
    while (performance.now() < deadline) {
      if (signal.aborted) throw new SubletError('cancelled', 'Starting the sandbox was cancelled.')
      const endpoint = readEndpoint(stateDir)
      if (endpoint !== null && endpoint.startedAt !== stale?.startedAt) {
        // Ours came second: it would leave by itself, but perhaps only after this one has gone.
        if (endpoint.pid !== started.pid) started.kill()
        return endpoint
      }
      if (started.code !== null) break
      await delay(20)
    }
    if (started.code !== null && started.code !== alreadyRunning) {
      throw new SubletError(
        started.code === noShell ? 'unsupported' : 'unavailable',
        lastWords(logPath),
        { nativeCode: `exit ${started.code}` },
      )
    }
    // The other one is starting, or is just ending: look again, then try again.
    await delay(100)
  }
  throw new SubletError(
    'unavailable',
    `The sandbox did not start within ${deps.startTimeoutMs / 1000} s; see ${logPath}.`,
  )
}

interface Started {
  readonly pid: number | undefined
  code: number | null
  readonly kill: () => void
}

function launch(deps: SandboxDeps, dir: string, logPath: string): Started {
  const log = openSync(logPath, 'a', 0o600)
  const idle = deps.idleMs === undefined ? [] : ['--idle-ms', String(deps.idleMs)]
  const child = spawn(deps.nodePath, [deps.entry, '--state', dir, ...idle], {
    cwd: dir,
    env: { ...deps.environment },
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const started: Started = { pid: child.pid, code: null, kill: () => child.kill() }
  child.once('error', () => {
    started.code = 127
  })
  child.once('exit', (code) => {
    started.code = code ?? 1
  })
  child.unref()
  return started
}

function lastWords(logPath: string): string {
  const lines = existsSync(logPath) ? readFileSync(logPath, 'utf8').trim().split('\n') : []
  const said = lines.findLast((line) => line.startsWith('sandbox: '))?.slice('sandbox: '.length)
  return said ?? `The sandbox could not be started; see ${logPath}.`
}
