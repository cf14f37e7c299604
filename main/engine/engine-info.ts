import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'
import { SubletError } from '../domain/errors.ts'
import type { Home } from './home.ts'

const engineInfoSchema = z.object({
  pid: z.int(),
  host: z.string(),
  version: z.string(),
  /** Where the engine listens. */
  address: z.string(),
  startedAt: z.int(),
})
export type EngineInfo = z.infer<typeof engineInfoSchema>

/** Who runs, or ran until it crashed; null when the last engine left in order. */
export function readEngineInfo(home: Home): EngineInfo | null {
  try {
    const parsed = engineInfoSchema.safeParse(JSON.parse(readFileSync(home.infoFile, 'utf8')))
    return parsed.success ? parsed.data : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Two computers may see one home over a network file system, where kernel locks do not reach. */
export function refuseOtherComputer(home: Home, host: string = hostname()): void {
  const holder = readEngineInfo(home)
  if (holder === null || holder.host === host) return
  throw new SubletError(
    'conflict',
    `The engine of ${home.dir} runs on the computer "${holder.host}" (process ${holder.pid}). Use it there, choose another SUBLET_HOME, or remove ${home.infoFile} if that computer is off.`,
  )
}
