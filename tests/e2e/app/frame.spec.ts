import { expect, test } from '../../support/app/fixtures.ts'

test('every page opens by its link and by its key', async ({ app }) => {
  for (const [index, name] of [
    'Run',
    'Jobs',
    'Offers',
    'Spend',
    'Accounts',
    'Settings',
  ].entries()) {
    await app.keyboard.press(`Control+${index + 1}`)
    await expect(app.getByRole('link', { name, exact: true })).toHaveAttribute(
      'aria-current',
      'page',
    )
    await expect(app.getByRole('heading', { level: 1 })).toBeVisible()
  }
})

test('the palette finds a page and a theme', async ({ app }) => {
  await app.keyboard.press('Control+k')
  await app.keyboard.type('compare')
  await app.keyboard.press('Enter')
  await expect(app).toHaveURL(/#\/offers$/)
  await app.keyboard.press('Control+k')
  await app.keyboard.type('theme dark')
  await app.keyboard.press('Enter')
  await expect(app.locator('html')).toHaveAttribute('data-theme', 'dark')
  await app.reload()
  await expect(app.locator('html')).toHaveAttribute('data-theme', 'dark')
})
