import { putEndedJob } from '../../support/app/ended-job.ts'
import { evil, expectText } from '../../support/app/expect-text.ts'
import { expect, openApp, test } from '../../support/app/fixtures.ts'
import { seedBooks } from '../../support/app/seed-books.ts'
import { goTo } from '../../support/app/shoot.ts'
import { oneRental } from '../../support/app/spend-scenes.ts'

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
