import type { Page } from '@playwright/test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seriousFindings } from '../../support/app/axe.ts'
import { expect, test } from '../../support/app/fixtures.ts'
import { withEngine } from '../../support/engine-client.ts'

async function openSettings(app: Page): Promise<void> {
  await app.getByRole('link', { name: 'Settings', exact: true }).click()
  await expect(app.getByRole('listitem', { name: 'Theme' })).toBeVisible()
}

test('search filters and marks, by keyboard alone', async ({ app }) => {
  await openSettings(app)
  await app.keyboard.press('/')
  await app.keyboard.type('hold')
  await expect(app.getByRole('listitem', { name: 'Hold results' })).toBeVisible()
  await expect(app.getByRole('listitem', { name: 'Theme' })).toHaveCount(0)
  await expect(app.locator('mark').first()).toHaveText(/hold/i)
  await app.keyboard.press('Escape')
  await expect(app.getByRole('listitem', { name: 'Theme' })).toBeVisible()
  await app.getByLabel('Search settings').fill('zebra')
  await expect(app.getByText('No setting is called that')).toBeVisible()
  await app.getByRole('button', { name: 'Show all settings' }).click()
  await app.getByLabel('Search settings').fill('keyring')
  await expect(app.getByRole('group', { name: 'Keychain' })).toContainText('kept in memory only')
})

test('a change is saved at once, acts on the next proposal, survives a reload and is undone', async ({
  app,
  user,
}) => {
  writeFileSync(join(user.work, 'job.sh'), 'echo ran\n')
  const limits = () =>
    withEngine(user.home, async (api) => {
      const { spec } = await api.jobs.propose({
        file: { script: 'job.sh', gpus: 0 },
        baseDir: user.work,
        environment: {},
      })
      return { ...spec.limits, outputDir: spec.outputDir }
    })
  await openSettings(app)
  const budget = app.getByRole('textbox', { name: 'Budget' })
  await budget.fill('five')
  await budget.press('Enter')
  await expect(app.getByText('Budget "five" is not an amount in USD')).toBeVisible()
  await budget.fill('5')
  await budget.press('Enter')
  await expect(app.getByText('Budget: $5.00')).toBeVisible()
  await app.getByRole('textbox', { name: 'Longest duration' }).fill('1h 30min')
  await app.getByRole('textbox', { name: 'Output folder' }).fill(join(user.base, 'runs'))
  await app.getByRole('textbox', { name: 'Output folder' }).press('Tab')
  await expect(app.getByText(`Output folder: ${join(user.base, 'runs')}`)).toBeVisible()
  expect(await limits()).toMatchObject({
    budgetMicros: 5_000_000,
    maxDurationMs: 5_400_000,
    outputDir: join(user.base, 'runs', 'job'),
  })
  await app.reload()
  await expect(budget).toHaveValue('$5.00')
  await app.getByRole('textbox', { name: 'Budget' }).fill('7')
  await budget.press('Enter')
  await app.getByText('Budget: $7.00').waitFor()
  await app.getByRole('button', { name: 'Undo' }).first().click()
  await expect(budget).toHaveValue('$5.00')
  await app
    .getByRole('listitem', { name: 'Budget' })
    .getByRole('button', { name: 'Back to the default: no budget' })
    .click()
  await expect(budget).toHaveValue('')
  expect((await limits()).budgetMicros).toBeNull()
})

test('the theme acts at once, in every window, and the log can be read', async ({
  app,
  context,
}) => {
  await openSettings(app)
  const other = await context.newPage()
  await other.goto(app.url())
  await expect(other.getByRole('listitem', { name: 'Theme' })).toBeVisible()
  await app.getByRole('button', { name: 'Dark' }).click()
  await expect(app.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark')
  await app.getByRole('button', { name: 'Show the log' }).click()
  await expect(app.getByRole('log', { name: 'Engine log' })).toContainText('The engine starts.')
  expect(await seriousFindings(app)).toEqual([])
  await app.getByRole('button', { name: 'Errors' }).click()
  await expect(app.getByRole('log', { name: 'Engine log' })).toContainText('No such lines')
  await app.getByRole('button', { name: 'Licence', exact: true }).click()
  await expect(app.getByRole('region', { name: 'Licence' })).toContainText('MIT License')
})
