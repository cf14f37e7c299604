import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { formatMicros } from '../../../main/domain/format.ts'
import { expect, openApp, test } from '../../support/app/fixtures.ts'
import { seriousFindings } from '../../support/app/axe.ts'
import { seedBooks } from '../../support/app/seed-books.ts'
import { manyRentals, oneRental } from '../../support/app/spend-scenes.ts'
import { parseCsv } from '../../support/parse-csv.ts'

const dayMs = 86_400_000
/** The middle of a month that is over: nothing depends on the day of the test. */
const then = Date.parse('2026-03-20T12:00:00Z')

async function openSpend(page: Page, link: string, address: string): Promise<void> {
  await openApp(page, link)
  await page.goto(new URL(`/#/spend${address}`, page.url()).href)
  await expect(page.getByRole('heading', { level: 1, name: 'Spend' })).toBeVisible()
}

const entries = (page: Page) => page.getByRole('region', { name: /^Entries/ })

test('a bar opens its entries, and the address keeps it', async ({ user, page, link }) => {
  seedBooks(user.home, manyRentals(then, 19, 5))
  await openSpend(page, await link(), '?month=2026-03')
  const whole = await entries(page).getAttribute('aria-label')

  // A day by the keyboard.
  const days = page.getByRole('toolbar', { name: 'Days of the month' })
  await days.getByRole('button', { name: /^16 March/ }).focus()
  await page.keyboard.press('ArrowLeft')
  const day = days.getByRole('button', { name: /^15 March/ })
  await expect(day).toBeFocused()
  const amount = /\$[\d.,]*\d/.exec((await day.getAttribute('aria-label')) ?? '')?.[0] ?? ''
  await page.keyboard.press('Enter')
  await expect(entries(page)).toBeFocused()
  await expect(entries(page)).toHaveAttribute('aria-label', new RegExp(`15 March.*\\${amount}$`))
  await expect(page).toHaveURL(/day=2026-03-15/)
  await page.reload()
  await expect(entries(page)).toHaveAttribute('aria-label', /15 March/)

  // Another key, and one of its groups.
  await page.getByRole('button', { name: 'Provider', exact: true }).click()
  const where = page.getByRole('region', { name: 'Where it went' })
  const group = where.getByRole('listitem').filter({ hasText: 'vast' }).getByRole('button')
  const words = await group.textContent()
  await group.click()
  await expect(group).toHaveAttribute('aria-pressed', 'true')
  await expect(entries(page)).toBeFocused()
  await expect(entries(page)).toHaveAttribute('aria-label', /provider vast/)
  const sum = /\$[\d.,]*\d$/.exec(words ?? '')?.[0] ?? 'none'
  expect(await entries(page).getAttribute('aria-label')).toContain(sum)
  const machines = entries(page).getByRole('row').filter({ hasText: 'lambda' })
  await expect(machines).toHaveCount(0)

  // Idle time is its own bar.
  await where.getByRole('button', { name: /idle, paid for/ }).click()
  await expect(entries(page)).toHaveAttribute('aria-label', /no job used it/)

  await page.getByRole('button', { name: 'Show the whole month' }).click()
  await expect(entries(page)).toHaveAttribute('aria-label', whole ?? '')
})

test('the CSV adds up to what the page says', async ({ user, page, link }) => {
  seedBooks(user.home, manyRentals(then, 19, 40))
  await openSpend(page, await link(), '?month=2026-03')
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'As CSV', exact: true }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('sublet-spend-2026-03.csv')
  const [head = [], ...lines] = parseCsv(await readFile(await file.path(), 'utf8'))
  const column = head.indexOf('amount_micros')
  const sum = lines.reduce((total, line) => total + Number(line[column]), 0)
  expect(lines.length).toBeGreaterThan(500)
  expect(await entries(page).getAttribute('aria-label')).toContain(formatMicros(sum))
})

test('a budget is set, shows its line and is removed', async ({ user, page, link }) => {
  const now = Date.now()
  seedBooks(user.home, [oneRental(now), oneRental(now - 3 * dayMs)])
  await openSpend(page, await link(), '')
  await page.getByRole('button', { name: 'Budgets' }).click()
  const dialog = page.getByRole('dialog', { name: 'Budgets' })
  await dialog.getByRole('textbox', { name: 'USD a month' }).fill('nothing')
  await dialog.getByRole('button', { name: 'Set budget' }).click()
  await expect(dialog.getByRole('alert')).toContainText('is not an amount in USD')
  await dialog.getByRole('textbox', { name: 'USD a month' }).fill('0.7')
  await dialog.getByRole('button', { name: 'Set budget' }).click()
  await expect(dialog.getByRole('list', { name: 'Budgets' })).toContainText(
    'the monthly budget for everything ($0.70)',
  )
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(page.getByRole('region', { name: 'Month against budget' })).toContainText(
    'a day keeps the month at $0.70',
  )
  // The frame knows it too.
  await expect(page.getByRole('banner')).toContainText('of $0.70')
  await page.getByRole('button', { name: 'Budgets' }).click()
  await dialog.getByRole('button', { name: 'Remove the monthly budget for everything' }).click()
  await expect(dialog.getByRole('list', { name: 'Budgets' })).toBeEmpty()
})

test('practice money is never shown as spent dollars', async ({ user, page, link }) => {
  seedBooks(user.home, [oneRental(then, { simulated: true, providerId: 'sandbox' })])
  await openSpend(page, await link(), '?month=2026-03')
  await expect(page.getByText('of practice money in all: nothing of it is charged')).toBeVisible()
  await page.getByRole('button', { name: /^Real \$0\.00/ }).click()
  await expect(page.getByText('Nothing was spent in March 2026.')).toBeVisible()
  await expect(page).toHaveURL(/money=real/)
})

test('a month of thousands of entries is drawn row by row', async ({ user, page, link }) => {
  seedBooks(user.home, manyRentals(then, 19, 150))
  await openSpend(page, await link(), '?month=2026-03')
  const table = page.getByRole('table', { name: 'Entries' })
  const count = Number(await table.getAttribute('aria-rowcount'))
  expect(count).toBeGreaterThan(2_500)
  expect(await table.getByRole('row').count()).toBeLessThan(120)
  await table.getByRole('row').nth(1).hover()
  await page.mouse.wheel(0, 60_000)
  await expect(table.getByRole('row').last()).toContainText(/\d+ Mar \d\d:\d\d/)
  await expect
    .poll(async () => Number(await table.getByRole('row').last().getAttribute('aria-rowindex')))
    .toBeGreaterThan(1_800)
})

test('an empty month tells the next step', async ({ page, link }) => {
  await openSpend(page, await link(), '')
  await page.getByRole('button', { name: 'Go to Run' }).click()
  await expect(page).toHaveURL(/#\/run/)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in ${colorScheme}`, async ({ user, page, link }) => {
    await page.emulateMedia({ colorScheme })
    seedBooks(user.home, manyRentals(Date.now(), 40, 6), [
      { scope: { kind: 'all' }, micros: 60_000_000 },
    ])
    await openSpend(page, await link(), '?by=gpu')
    await expect(entries(page)).toBeVisible()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Budgets' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    expect(await seriousFindings(page)).toEqual([])
  })
}
