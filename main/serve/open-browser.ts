import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const keepFileMs = 30_000

/** Whether this computer can show a browser window. */
export function hasDisplay(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform !== 'linux') return true
  return (env['WAYLAND_DISPLAY'] ?? '') !== '' || (env['DISPLAY'] ?? '') !== ''
}

/**
 * Opens the link in the user's browser, by a private file: arguments of programs can be read by
 * every user of the computer. Failing to open is no error: the link is printed too.
 */
export function openInBrowser(link: string, platform: NodeJS.Platform = process.platform): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'sublet-open-'))
  chmodSync(folder, 0o700)
  const file = path.join(folder, 'sublet.html')
  writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${link}">\n`, {
    mode: 0o600,
  })
  const [program, ...args] = opener(platform)
  const child = spawn(program, [...args, file], { stdio: 'ignore', detached: true })
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  // The browser reads it after the opener has ended.
  setTimeout(remove, keepFileMs).unref()
  process.once('exit', remove)
  child.on('error', remove)
  child.unref()
}

function opener(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['explorer.exe']
  return ['xdg-open']
}
