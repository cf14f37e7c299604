import { test as base, type Page } from '@playwright/test'
import { testUser, type TestUser } from '../cli.ts'
import { eventually } from '../eventually.ts'
import type { SubletProcess } from '../sublet-process.ts'
import { chromiumPath } from './chromium.ts'

export interface AppFixtures {
  /** A user with an empty home; ended and removed after the test, with every process. */
  readonly user: TestUser
  /** The browser hosts that `link` has started; ended after the test. */
  readonly hosts: SubletProcess[]
  /** Starts the browser host for the user and answers a link that works once. */
  readonly link: (env?: Readonly<Record<string, string>>) => Promise<string>
  /** The app, open in Chromium and connected to its engine. */
  readonly app: Page
  /** Skips, saying why, where there is no Chromium. */
  readonly needsChromium: void
}

/** Playwright's `test` with a real browser host, engine and sandbox behind the page. */
export const test = base.extend<AppFixtures>({
  needsChromium: [
    async ({}, use, testInfo) => {
      testInfo.skip(
        chromiumPath() === null,
        'SKIPPED: needs Chromium (apt-get install chromium, or npx playwright install chromium).',
      )
      await use()
    },
    { auto: true },
  ],
  user: async ({}, use) => {
    const user = await testUser()
    await use(user)
    await user.stop()
  },
  hosts: async ({ user }, use) => {
    // Asked for only so that it outlives the hosts.
    void user
    const hosts: SubletProcess[] = []
    await use(hosts)
    for (const { child, exit } of hosts) {
      child.kill('SIGINT')
      await exit
    }
  },
  link: async ({ user, hosts }, use) => {
    await use(async (env = {}) => {
      const host = user.start(['serve', '--no-open'], { keepInput: true, env })
      hosts.push(host)
      return await eventually(() => {
        const found = /http:\/\/127\.0\.0\.1:\d+\/open\/\S+/.exec(host.stdout())
        if (found === null) throw new Error(`No link yet: ${host.stdout()}${host.stderr()}`)
        return found[0]
      })
    })
  },
  app: async ({ page, link }, use) => {
    await openApp(page, await link())
    await use(page)
  },
})

export { expect } from '@playwright/test'

/** Opens a link and waits until the frame shows what the engine says. */
export async function openApp(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByRole('button', { name: 'Stop everything' }).waitFor()
  await page
    .getByText('no machine')
    .or(page.getByText(/^\d+ machines?/))
    .first()
    .waitFor()
}
