import { processIo } from './cli/process-io.ts'
import { toSubletError } from './domain/errors.ts'
import { homeDirectory } from './engine/home.ts'
import { packageRoot } from './engine/package-root.ts'
import { subletVersion } from './engine/version.ts'
import { serveBrowser } from './serve.ts'
import { ensureBuilt } from './serve/app-build.ts'
import { hasDisplay } from './serve/open-browser.ts'
import { findElectron, installElectron } from './start/electron-runtime.ts'
import { openDesktop } from './start/open-desktop.ts'

// `npm start` in a checkout: the desktop app, or one sentence why not and the same app in a browser.
const terminal = processIo()
const root = packageRoot()
const say = (line: string): void => terminal.out(`${line}\n`)

async function whyNoDesktop(): Promise<string | null> {
  if (!hasDisplay(terminal.env)) {
    return 'There is no display here, so Sublet opens in a browser instead of a window.'
  }
  if (findElectron(root, terminal.env) !== null) return null
  say('Getting Electron’s runtime …')
  if (await installElectron(root)) return null
  return 'Electron’s runtime could not be downloaded, so Sublet opens in a browser; "node node_modules/electron/install.js" tries it again.'
}

try {
  const why = await whyNoDesktop()
  const electron = findElectron(root, terminal.env)
  if (why === null && electron !== null) {
    await ensureBuilt(root, ['renderer', 'desktop'], say)
    process.exitCode = await openDesktop(electron, root, say)
  } else {
    if (why !== null) say(why)
    await serveBrowser({
      terminal,
      home: homeDirectory(terminal.env),
      version: subletVersion(),
      port: 0,
      open: true,
    })
    process.exit()
  }
} catch (error) {
  terminal.err(`sublet: ${toSubletError(error).message}\n`)
  process.exitCode = 1
}
