import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { SandboxGone, send } from './api.ts'
import { readEndpoint, sandboxDir } from './launcher.ts'
import { summarySchema } from './wire.ts'

/** What the sandbox's own meter says. Money is in micro-dollars, over all machines there ever were. */
export interface SandboxStatus {
  readonly running: boolean
  /** Machines that are not ended; above 0 without `running` means that the sandbox was killed. */
  readonly machines: number
  readonly billedMicros: number
}

const timeoutMs = 10_000

/** Asks the sandbox, or reads what it last wrote down. Never starts it. */
export async function sandboxStatus(
  stateDir: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<SandboxStatus> {
  const endpoint = readEndpoint(stateDir)
  if (endpoint === null) return lastSummary(stateDir)
  try {
    return {
      running: true,
      ...(await send(
        summarySchema,
        endpoint,
        { method: 'GET', path: '/v1/status' },
        timeoutMs,
        signal,
      )),
    }
  } catch (error) {
    if (error instanceof SandboxGone) return lastSummary(stateDir)
    throw error
  }
}

/**
 * Ends the sandbox's program. With machines it fails with `conflict`, unless `force` releases them
 * first. One that does not run is left alone. Resolves to its state afterwards.
 */
export async function stopSandbox(
  stateDir: string,
  options: { readonly force?: boolean } = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<SandboxStatus> {
  const endpoint = readEndpoint(stateDir)
  if (endpoint === null) return lastSummary(stateDir)
  const call = {
    method: 'POST',
    path: '/v1/stop',
    body: { force: options.force === true },
  } as const
  try {
    return { running: false, ...(await send(summarySchema, endpoint, call, timeoutMs, signal)) }
  } catch (error) {
    if (error instanceof SandboxGone) return lastSummary(stateDir)
    throw error
  }
}

/** True when it does not run and left nothing that is billed, so that asking would only start it. */
export function isAsleep(stateDir: string): boolean {
  if (readEndpoint(stateDir) !== null) return false
  const path = join(sandboxDir(stateDir), 'summary.json')
  if (!existsSync(path)) return true
  const { machines, billables } = writtenSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  return (billables ?? machines) === 0
}

/** `billables`: machines, and what they left behind; older sandboxes did not say. */
const writtenSchema = summarySchema.extend({ billables: z.int().optional() })

function lastSummary(stateDir: string): SandboxStatus {
  const path = join(sandboxDir(stateDir), 'summary.json')
  if (!existsSync(path)) return { running: false, machines: 0, billedMicros: 0 }
  return { running: false, ...summarySchema.parse(JSON.parse(readFileSync(path, 'utf8'))) }
}
