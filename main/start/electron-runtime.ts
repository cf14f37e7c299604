import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const installWithinMs = 120_000

/** The Electron to run: another folder's when the environment names one, else the installed one; null when there is none. */
export function findElectron(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string | null {
  const chosen = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? ''
  const folder = chosen === '' ? path.join(root, 'node_modules', 'electron', 'dist') : chosen
  const file = path.join(folder, executable(platform))
  return existsSync(file) ? file : null
}

/** Runs Electron's own install script, which downloads the runtime; false when it did not in time. */
export async function installElectron(root: string): Promise<boolean> {
  const script = path.join(root, 'node_modules', 'electron', 'install.js')
  if (!existsSync(script)) return false
  const child = spawn(process.execPath, [script], { stdio: 'ignore', timeout: installWithinMs })
  return await new Promise((resolve) => {
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}

function executable(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}
