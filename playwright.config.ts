import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { chromiumPath } from './tests/support/app/chromium.ts'

const executablePath = chromiumPath()
// Engines of fresh homes share what Node has compiled: it halves what each start computes.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules', '.cache', 'tests')

/** What a user sees: the browser host in Chromium, and the desktop app in a real Electron. */
export default defineConfig({
  outputDir: 'out/playwright',
  forbidOnly: process.env['CI'] !== undefined,
  fullyParallel: true,
  workers: 3,
  timeout: 60_000,
  // Real processes on a busy computer: a second try is allowed, and the report calls it flaky.
  retries: 1,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  globalSetup: './tests/support/app/build-once.ts',
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      // Chromium refuses its sandbox to root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
      ...(executablePath === null ? {} : { executablePath }),
    },
  },
  projects: [
    { name: 'browser', testDir: 'tests/e2e/app' },
    { name: 'desktop', testDir: 'tests/e2e/desktop' },
    { name: 'screenshots', testDir: 'tests/e2e/screenshots' },
  ],
})
