import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The Chromium for tests: Playwright's own, else the system's; null when there is none. */
export function chromiumPath(): string | null {
  const own = chromium.executablePath()
  return [own, ...known].find((path) => path !== '' && existsSync(path)) ?? null
}
