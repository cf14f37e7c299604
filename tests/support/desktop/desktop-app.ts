import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test'
import { ServedEngine } from './served-engine.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The Electron to test with; null when this computer has none. */
export function electronPath(): string | null {
  const dist =
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'node_modules', 'electron', 'dist')
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }
  const path = join(dist, names[process.platform] ?? 'electron')
  return existsSync(path) ? path : null
}

/** Why the desktop app cannot be tested here; null when it can. */
export function whyNoDesktop(): string | null {
  if (electronPath() === null)
    return 'SKIPPED: no Electron runtime (npm start says how to get one).'
  const { DISPLAY = '', WAYLAND_DISPLAY = '' } = process.env
  if (process.platform === 'linux' && DISPLAY === '' && WAYLAND_DISPLAY === '') {
    return 'SKIPPED: no display; run it under xvfb-run.'
  }
  return null
}

export interface LaunchOptions {
  /** Whether the system says that it shows tray icons. */
  readonly tray?: boolean
  readonly env?: Readonly<Record<string, string>>
}

export interface DesktopFixtures {
  readonly home: string
  /** A fake engine of the home, under the test's control. */
  readonly engine: ServedEngine
  /** Starts the app in the home; ended after the test without a question. */
  readonly launch: (options?: LaunchOptions) => Promise<ElectronApplication>
  /** Skips, saying why, where there is no Electron or no display. */
  readonly needsDesktop: void
}

/** Playwright's `test` with a real Electron; each test has a home of its own. */
export const test = base.extend<DesktopFixtures>({
  needsDesktop: [
    async ({}, use, testInfo) => {
      const why = whyNoDesktop()
      if (why !== null) console.log(why)
      testInfo.skip(why !== null, why ?? '')
      await use()
    },
    { auto: true },
  ],
  home: async ({}, use) => {
    const top = mkdtempSync(join(tmpdir(), 'sublet-desktop-'))
    await use(join(top, 'home'))
    rmSync(top, { recursive: true, force: true, maxRetries: 5 })
  },
  engine: async ({ home }, use) => {
    const engine = new ServedEngine(home)
    await engine.listen()
    await use(engine)
    engine.close()
  },
  launch: async ({ home }, use) => {
    const children: ChildProcess[] = []
    await use(async (options = {}) => {
      const app = await launchDesktop(home, options)
      children.push(app.process())
      return app
    })
    await Promise.all(children.map(endDesktop))
  },
})

export { expect } from '@playwright/test'

async function launchDesktop(home: string, options: LaunchOptions): Promise<ElectronApplication> {
  const tools = join(home, '..', 'tools')
  mkdirSync(tools, { recursive: true })
  // What the session bus would say.
  writeFileSync(join(tools, 'dbus-send'), `#!/bin/sh\necho "boolean ${options.tray === true}"\n`, {
    mode: 0o755,
  })
  const environment = { ...process.env, ...options.env, SUBLET_HOME: home }
  return await _electron.launch({
    executablePath: electronPath() ?? '',
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
    env: {
      ...(environment as Record<string, string>),
      PATH: `${tools}${delimiter}${process.env['PATH'] ?? ''}`,
    },
    timeout: 20_000,
  })
}

/** Ends the app as the system does, without its question. */
export async function endDesktop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

/** The window, once its page hears the engine. */
export async function connectedWindow(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow()
  await page
    .getByText('no machine')
    .or(page.getByText(/^\d+ machines?/))
    .first()
    .waitFor()
  return page
}
