import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { refuseOtherComputer } from './engine-info.ts'
import type { EngineInfo } from './engine-info.ts'
import type { Home } from './home.ts'

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
