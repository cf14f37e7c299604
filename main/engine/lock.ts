import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
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

export interface EngineLock {
  /** Forgets the holder and lets the next engine in. */
  release(): void
}

/**
 * Takes the home for this process; null while another process of this computer has it. The kernel
 * holds the lock (through SQLite, Node's only portable file lock), so it never outlives its process
 * and a reused pid cannot keep it. A holder on another computer is a `conflict`.
 */
export function takeLock(home: Home, info: EngineInfo): EngineLock | null {
  refuseOtherComputer(home, info.host)
  closeSync(openSync(home.lockFile, 'a', 0o600))
  const lock = new DatabaseSync(home.lockFile, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return null
    throw error
  }
  writeFileSync(`${home.infoFile}.new`, JSON.stringify(info), { mode: 0o600 })
  renameSync(`${home.infoFile}.new`, home.infoFile)
  return {
    release: () => {
      rmSync(home.infoFile, { force: true })
      lock.close()
    },
  }
}

const sqliteBusy = 5

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
