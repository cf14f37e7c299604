import type { Locator, Page } from '@playwright/test'
import { seriousFindings } from '../../support/app/axe.ts'
import { expect, openApp, test } from '../../support/app/fixtures.ts'

const many = 50_000

test.describe('50,000 offers', () => {
  test.beforeEach(async ({ user, page, link }) => {
    test.slow()
    await user.sandbox.offerCount(many)
    await openApp(page, await link())
    await goToOffers(page)
    await expect(page.getByText('50,000 of 50,000 offers')).toBeVisible({ timeout: 60_000 })
  })

  test('filter by text and by chip, and say which filter to leave out', async ({ page }) => {
    await filterField(page).fill('4090, h100, ≥ 40 GB, eu')
    await expect(page.getByText('Understood as: GPU 4090 or GPU h100')).toBeVisible()
    await expect(rows(page).first()).toContainText('H100')
    await expect(rows(page).first()).toContainText('eu-')
    await isAccessible(page)
    const some = await matching(page)
    expect(some).toBeGreaterThan(100)
    await page.getByRole('button', { name: 'available', exact: true }).click()
    await expect.poll(() => matching(page)).toBeLessThan(some)
    await filterField(page).fill('4090')
    await page.getByRole('search').getByRole('button', { name: 'VRAM' }).click()
    await page.getByRole('menuitemcheckbox', { name: '≥ 80 GB' }).click()
    await page.keyboard.press('Escape')
    await expect(page.getByText('None of 50,000 offers fits')).toBeVisible()
    await isAccessible(page)
    await page.getByRole('button', { name: /^Leave out ≥ 80 GB: [\d,]+ offers$/ }).click()
    await expect(rows(page).first()).toContainText('RTX 4090')
  })

  test('sort both ways and scroll to any place without a hole', async ({ page }) => {
    const grid = page.getByRole('grid', { name: 'Offers' })
    await expect(grid).toHaveAttribute('aria-rowcount', String(many + 1))
    const header = page.getByRole('columnheader', { name: '$/h', exact: true })
    await header.getByRole('button').click()
    await expect(header).toHaveAttribute('aria-sort', 'ascending')
    // The cheapest machines have no GPU, which the order before had at its end.
    await expect(rows(page).first()).toContainText('no GPU')
    const cheapest = await price(rows(page).first())
    await header.getByRole('button').click()
    await expect(header).toHaveAttribute('aria-sort', 'descending')
    await expect.poll(async () => price(rows(page).first())).toBeGreaterThan(cheapest * 100)
    await grid.focus()
    await page.keyboard.press('End')
    const last = page.locator(`[aria-rowindex="${many + 1}"]`)
    await expect(last).toHaveAttribute('aria-selected', 'true')
    await expect.poll(async () => price(last)).toBe(cheapest)
    await grid.evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }))
    await expect.poll(() => rows(page).count()).toBeGreaterThan(10)
    await expect(rows(page).nth(8)).toContainText('Sandbox')
    expect(await rows(page).count()).toBeLessThan(60)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    expect(wide).toBe(false)
  })

  test('compare, mark a favourite that survives a reload, use one in a job', async ({ page }) => {
    await filterField(page).fill('h100, 4090')
    await expect(page.getByText('Understood as')).toBeVisible()
    await page.getByRole('grid', { name: 'Offers' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('f')
    await page.keyboard.press('Space')
    await page.keyboard.press('End')
    await expect(page.locator('[aria-selected="true"]')).toContainText('Sandbox')
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Compare 2' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByRole('row', { name: /^GPU differs RTX 4090 H100$/ })).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Use in a job' })).toHaveCount(2)
    await isAccessible(page)
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('button', { name: 'favourites', exact: true }).click()
    await expect(page.getByText('1 of 50,000 offers')).toBeVisible({ timeout: 30_000 })
    await expect(rows(page)).toHaveCount(1)
    await rows(page).first().click()
    await page.getByRole('button', { name: 'Use in a job' }).click()
    await expect(page.getByRole('link', { name: 'Run', exact: true })).toHaveAttribute(
      'aria-current',
      'page',
    )
    expect(await page.evaluate(() => sessionStorage.getItem('sublet.run.draft'))).toContain(
      'sandbox:sandbox:',
    )
  })

  test('new prices move no row until the user wants to see them', async ({ page, user }) => {
    const first = rows(page).first()
    await expect(first).toContainText('Sandbox')
    const before = await price(first)
    await first.hover()
    await user.sandbox.post('prices', {
      type: 'h200-8',
      region: 'us-east',
      microsPerHour: 9_000_000,
    })
    await user.sandbox.post('prices', { type: 't4-1', microsPerHour: 90_000 })
    await page.getByRole('button', { name: '1 source live' }).click()
    await page.getByRole('button', { name: /^Read again/ }).click()
    await page.keyboard.press('Escape')
    const show = page.getByRole('button', { name: 'Prices changed, show' })
    await expect(show).toBeVisible({ timeout: 30_000 })
    expect(await price(first)).toBe(before)
    await show.click()
    await expect(show).toBeHidden()
    await expect.poll(async () => price(first)).toBe(0.09)
  })
})

test('a source that fails says so with its retry, and recovers', async ({ page, user, link }) => {
  await user.sandbox.fault(
    {
      kind: 'error',
      when: 'before',
      status: 503,
      code: 'UNAVAILABLE',
      message: 'The prices are down.',
    },
    { operation: 'offers', remaining: 1 },
  )
  await openApp(page, await link())
  await goToOffers(page)
  await expect(page.getByRole('button', { name: '1 failed' })).toBeVisible()
  await expect(page.getByText('No source has an offer now')).toBeVisible()
  const trouble = page.getByRole('list', { name: 'Sources that need attention' })
  await expect(trouble).toContainText('The prices are down')
  await isAccessible(page)
  await trouble.getByRole('button', { name: /^Try again/ }).click()
  await expect(trouble).toBeHidden()
  await expect(page.getByRole('button', { name: '1 source live' })).toBeVisible()
  await expect(rows(page).first()).toContainText('simulated')
})

/** Nothing serious for axe, in both themes. */
async function isAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await seriousFindings(page)).toEqual([])
  }
}

async function goToOffers(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Offers', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Offers' })).toBeVisible()
}

function filterField(page: Page): Locator {
  return page.getByRole('searchbox', { name: 'Filter offers' })
}

/** Rows that exist, the header aside; in the order of the table. */
function rows(page: Page): Locator {
  return page.locator('[role=row][aria-selected]')
}

async function matching(page: Page): Promise<number> {
  const words = (await page.getByText(/^[\d,]+ of 50,000 offers$/).textContent()) ?? ''
  return Number(words.split(' ')[0]?.replaceAll(',', ''))
}

/** The price per hour in a row: its fourth cell. */
async function price(row: Locator): Promise<number> {
  return Number((await row.getByRole('gridcell').nth(3).textContent())?.replaceAll(',', ''))
}
