import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { ulid } from 'ulid'
import { SubletError } from '../domain/errors.ts'

/** The folder that holds everything of one Sublet installation, and the files in it. */
export interface Home {
  readonly dir: string
  /** Held by the kernel while the engine lives. */
  readonly lockFile: string
  /** Who holds the lock and where it listens. */
  readonly infoFile: string
  readonly tokenFile: string
  readonly databaseFile: string
  readonly homeIdFile: string
  readonly logDir: string
  readonly logFile: string
  /** What the engine process itself prints: start-up failures and crashes. */
  readonly outputFile: string
  /** Node's own cache of compiled code; may be removed at any time. */
  readonly compileCacheDir: string
}

/** SUBLET_HOME, or the place that the system gives to programs' data. */
export function homeDirectory(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  userDir: string = homedir(),
): string {
  const chosen = environment['SUBLET_HOME']
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  if (platform === 'darwin') return join(userDir, 'Library', 'Application Support', 'Sublet')
  if (platform === 'win32') {
    return join(environment['APPDATA'] ?? join(userDir, 'AppData', 'Roaming'), 'Sublet')
  }
  const data = environment['XDG_DATA_HOME']
  // The specification says that a relative path counts as unset.
  const base = data !== undefined && isAbsolute(data) ? data : join(userDir, '.local', 'share')
  return join(base, 'sublet')
}

/** Names the files of a home; touches nothing. */
export function homeAt(dir: string): Home {
  const logDir = join(dir, 'logs')
  return {
    dir,
    lockFile: join(dir, 'engine.lock'),
    infoFile: join(dir, 'engine.json'),
    tokenFile: join(dir, 'engine.token'),
    databaseFile: join(dir, 'sublet.db'),
    homeIdFile: join(dir, 'home-id'),
    logDir,
    logFile: join(logDir, 'engine.log'),
    outputFile: join(logDir, 'engine.out'),
    compileCacheDir: join(dir, 'cache', 'node'),
  }
}

/** Makes the folders, for this user only. Fails with `permission` in a folder of somebody else. */
export function prepareHome(home: Home): void {
  mkdirSync(home.dir, { recursive: true, mode: 0o700 })
  const { uid } = statSync(home.dir)
  // Its owner could read all that comes into it, whatever its mode.
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new SubletError(
      'permission',
      `The folder ${home.dir} belongs to another user of this computer; set SUBLET_HOME to a folder of your own.`,
    )
  }
  chmodSync(home.dir, 0o700)
  mkdirSync(home.logDir, { recursive: true, mode: 0o700 })
  mkdirSync(home.compileCacheDir, { recursive: true, mode: 0o700 })
}

/** This home's id, in every tag of a rented machine. Written once, by the engine under its lock. */
export function ensureHomeId(home: Home): string {
  try {
    const known = readFileSync(home.homeIdFile, 'utf8').trim()
    if (/^[0-9a-z]{26}$/.test(known)) return known
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const homeId = ulid().toLowerCase()
  writeFileSync(home.homeIdFile, `${homeId}\n`, { mode: 0o600 })
  return homeId
}
