import type { Page } from '@playwright/test'
import { putEndedJob } from '../../support/app/ended-job.ts'
import { expect, openApp, test } from '../../support/app/fixtures.ts'
import { seedBooks } from '../../support/app/seed-books.ts'
import { goTo } from '../../support/app/shoot.ts'
import { oneRental } from '../../support/app/spend-scenes.ts'

const evil = '<img src=x onerror="window.evil=1"><b data-evil>bold<script>window.evil=1;'

/** Nothing on the page was made of it, and it stands there as it was written. */
async function expectText(page: Page, where: string): Promise<void> {
  await expect(page.getByText(evil).first(), `${where}: as text`).toBeVisible()
  const made = await page.evaluate(() => ({
    elements: document.querySelectorAll('[data-evil], [onerror], img[src="x"], body script').length,
    ran: 'evil' in window,
    handlers: [...document.querySelectorAll('*')].filter((element) =>
      [...element.attributes].some(({ name }) => name.startsWith('on')),
    ).length,
  }))
  expect(made, where).toEqual({ elements: 0, ran: false, handlers: 0 })
  await expect(page).toHaveTitle('Sublet')
}

test('HTML in names, log lines and answers is shown as text on every page', async ({
  user,
  page,
  link,
}) => {
  const job = putEndedJob(user.home, { lines: 50, gpus: 1, durationS: 60, says: evil })
  seedBooks(user.home, [
    { ...oneRental(Date.now() - 3_600_000), job: evil, project: evil, gpu: evil },
  ])
  await openApp(page, await link())
  await goTo(page, '/jobs')
  await expectText(page, 'Jobs')

  await goTo(page, `/jobs/${job.jobId}`)
  await expect(page.getByRole('heading', { level: 1, name: evil })).toBeVisible()
  await expect(page.getByRole('listbox', { name: 'Lines of the log' })).toContainText(evil)
  await page.getByRole('button', { name: 'Receipts' }).click()
  await expectText(page, 'Job')

  await goTo(page, '/spend')
  await expectText(page, 'Spend')

  await user.run(['offers', '--provider', 'sandbox'])
  await user.sandbox.plantExtra({ kind: 'disk', name: evil, microsPerHour: null })
  await goTo(page, '/accounts?show=billed')
  await page.getByRole('button', { name: 'Check now' }).click()
  await expectText(page, 'Accounts')
})
