import { execFile } from 'node:child_process'

const answerWithinMs = 2_000

/**
 * Whether this desktop shows tray icons. Electron makes one on Linux either way; only the session
 * bus knows whether somebody shows it. When in doubt: no, so that nobody loses the window.
 */
export async function hasSystemTray(
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  if (platform !== 'linux') return true
  const question = [
    '--session',
    '--print-reply=literal',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner',
    'string:org.kde.StatusNotifierWatcher',
  ]
  return await new Promise((resolve) => {
    execFile('dbus-send', question, { timeout: answerWithinMs }, (error, stdout) => {
      resolve(error === null && stdout.includes('boolean true'))
    })
  })
}
