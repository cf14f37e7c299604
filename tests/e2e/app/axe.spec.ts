import { seriousFindings } from '../../support/app/axe.ts'
import { putEndedJob } from '../../support/app/ended-job.ts'
import { expect, openApp, test } from '../../support/app/fixtures.ts'
import { goTo } from '../../support/app/shoot.ts'

const pages = ['run', 'jobs', 'offers', 'spend', 'accounts', 'settings'] as const

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on any page, ${colorScheme}`, async ({ page, user, link }) => {
    test.slow()
    await page.emulateMedia({ colorScheme })
    const { jobId } = putEndedJob(user.home, { lines: 300, gpus: 2, durationS: 120 })
    await openApp(page, await link())
    for (const name of pages) {
      await goTo(page, `/${name}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.getByRole('main').getByText(/Loading|Asking every account/)).toHaveCount(0)
      expect(await seriousFindings(page), name).toEqual([])
    }
    await goTo(page, `/jobs/${jobId}`)
    await expect(page.getByRole('listbox', { name: 'Lines of the log' })).toBeVisible()
    expect(await seriousFindings(page), 'the job').toEqual([])
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('combobox')).toBeFocused()
    expect(await seriousFindings(page), 'the palette').toEqual([])
  })
}
