import { test as base, type Page } from '@playwright/test'
import { testUser, type TestUser } from '../cli.ts'
import { eventually } from '../eventually.ts'
import { chromiumPath } from './chromium.ts'

export interface AppFixtures {
  /** A user with an empty home; ended and removed after the test, with every process. */
  readonly user: TestUser
  /** Starts the browser host for the user and answers a link that works once. */
  readonly link: () => Promise<string>
  /** The app, open in Chromium and connected to its engine. */
  readonly app: Page
}

/** Playwright's `test` with a real browser host, engine and sandbox behind the page. */
export const test = base.extend<AppFixtures>({
  user: async ({}, use) => {
    const user = await testUser()
    await use(user)
    await user.stop()
  },
  link: async ({ user }, use) => {
    const hosts: ReturnType<TestUser['start']>[] = []
    await use(async () => {
      const host = user.start(['serve', '--no-open'], { keepInput: true })
      hosts.push(host)
      return await eventually(() => {
        const found = /http:\/\/127\.0\.0\.1:\d+\/open\/\S+/.exec(host.stdout())
        if (found === null) throw new Error(`No link yet: ${host.stdout()}${host.stderr()}`)
        return found[0]
      })
    })
    for (const { child, exit } of hosts) {
      child.kill('SIGINT')
      await exit
    }
  },
  app: async ({ page, link }, use) => {
    await openApp(page, await link())
    await use(page)
  },
})

export { expect } from '@playwright/test'

test.skip(
  chromiumPath() === null,
  'SKIPPED: needs Chromium (apt-get install chromium, or npx playwright install chromium).',
)

/** Opens a link and waits until the frame shows what the engine says. */
export async function openApp(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByRole('button', { name: 'Stop everything' }).waitFor()
  await page.getByText('no machine').or(page.getByText(/^\d+ machines?/)).first().waitFor()
}
