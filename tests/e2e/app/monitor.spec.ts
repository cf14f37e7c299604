import { putEndedJob, type EndedJob } from '../../support/app/ended-job.ts'
import { expect, openApp, test as base } from '../../support/app/fixtures.ts'

/** A job of two hours on eight GPUs that printed a million lines; its machine is gone. */
const lines = 1_000_000
const test = base.extend<{ readonly job: EndedJob }>({
  job: async ({ user, link, page }, use) => {
    const job = putEndedJob(user.home, { lines, gpus: 8, durationS: 7_200 })
    await openApp(page, await link())
    await page.evaluate((path) => {
      window.location.hash = path
    }, `/jobs/${job.jobId}`)
    await page.getByRole('listbox', { name: 'Lines of the log' }).waitFor()
    await use(job)
  },
})

test('a log of a million lines opens at its end, jumps and scrolls anywhere, and is searched', async ({
  page,
  job,
}) => {
  const log = page.getByRole('listbox', { name: 'Lines of the log' })
  const row = (line: number) => log.locator(`[data-line="${line}"]`)
  await expect(row(lines - 1)).toContainText(job.lineText(lines - 1))
  expect(await log.getByRole('option').count()).toBeLessThan(120)

  await page.getByRole('button', { name: 'Go to a line or a time' }).click()
  await page.getByLabel('Line or time').fill('500,000')
  await page.keyboard.press('Enter')
  await expect(row(499_999)).toContainText(job.lineText(499_999))
  await page.keyboard.press('Escape')

  await log.evaluate((element) => {
    element.scrollTop = element.scrollHeight / 4
  })
  await expect(row(250_005)).toContainText(job.lineText(250_005))

  await log.focus()
  await page.keyboard.press('/')
  await page.keyboard.type('step 777777 ')
  await expect(page.getByText('1 place')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(log.locator('mark')).toHaveText('step 777777 ')
  await expect(page.getByText('1 of 1')).toBeVisible()
  await page.getByRole('textbox', { name: 'Search the log' }).fill('EPOCH')
  await expect(page.getByText('1,000,000 places')).toBeVisible()

  await page.keyboard.press('Escape')
  await log.focus()
  await page.keyboard.press('End')
  await expect(row(lines - 1)).toBeInViewport()
})

test('one cross-hair moves all charts and the log, both ways', async ({ page, job }) => {
  const log = page.getByRole('listbox', { name: 'Lines of the log' })
  const charts = page.getByRole('region', { name: 'Charts' })
  const hairs = charts.getByTestId('cross-hair')
  await expect(charts.getByRole('slider')).toHaveCount(8)
  await expect(charts.getByTestId('value').first()).toHaveText(/^\d+ % \(\d+ to \d+\)$/)

  const plot = charts.getByRole('slider').first()
  await plot.hover({ position: { x: 100, y: 20 } })
  await expect(hairs.locator('visible=true')).toHaveCount(8)
  const time = await charts.getByTestId('scrub-time').innerText()
  expect(time).toMatch(/^\d\d:\d\d:\d\d /)
  await expect(log.locator('[data-marked]')).toHaveAttribute('data-at', /\d/)
  const at = Number(await log.locator('[data-marked]').getAttribute('data-at'))
  const said = Number(await plot.getAttribute('aria-valuenow'))
  expect(Math.abs(at / 1_000 - said)).toBeLessThanOrEqual(1)

  await plot.focus()
  await page.keyboard.press('ArrowRight')
  await expect(charts.getByTestId('scrub-time')).not.toHaveText(time)

  await plot.blur()
  await log.locator('[data-line]').nth(3).hover()
  const line = Number(await log.locator('[data-line]').nth(3).getAttribute('data-at'))
  await expect(plot).toHaveAttribute('aria-valuenow', String(line / 1_000))
  expect(line).toBeGreaterThanOrEqual(job.fromAt)
})

test('a drag zooms, GPUs can be taken out, and the figures stand in a table too', async ({
  page,
  job,
}) => {
  expect(job.jobId).toMatch(/^job-/)
  const charts = page.getByRole('region', { name: 'Charts' })
  const axis = charts.getByText('10:00:00', { exact: false }).last()
  const ends = (): Promise<string> => axis.innerText()
  const before = await ends()
  const box = await charts.getByRole('slider').nth(4).boundingBox()
  if (box === null) throw new Error('The chart is not there.')
  await page.mouse.move(box.x + 60, box.y + 10)
  await page.mouse.down()
  await page.mouse.move(box.x + 120, box.y + 12, { steps: 4 })
  await page.mouse.up()
  await expect(charts.getByRole('button', { name: 'Zoom out' })).toBeVisible()
  await charts.getByRole('slider').nth(4).dblclick()
  await expect(charts.getByRole('button', { name: 'Zoom out' })).toBeHidden()
  expect(await ends()).toBe(before)

  const value = charts.getByTestId('value').nth(3)
  await expect(value).toHaveText(/\(64 to 71\)/)
  await charts.getByRole('button', { name: 'GPU 7' }).click()
  await expect(value).toHaveText(/\(64 to 70\)/)

  await charts.getByRole('button', { name: 'Show as a table' }).click()
  await expect(charts.getByRole('columnheader', { name: 'Temperature' })).toBeVisible()
  await expect(charts.getByRole('row').nth(1)).toContainText('67 °C (64 to 70)')
})
