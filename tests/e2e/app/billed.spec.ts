import type { Page } from '@playwright/test'
import { seriousFindings } from '../../support/app/axe.ts'
import { expect, test } from '../../support/app/fixtures.ts'
import { goTo } from '../../support/app/shoot.ts'
import type { TestUser } from '../../support/cli.ts'
import { writeGatedScript } from '../../support/gated-script.ts'
import { newLoginKey, newRentalId } from '../../support/rent.ts'

const small = { type: 't4-1', region: 'us-east', publicKey: newLoginKey().publicKey }

/** A job that runs, a machine that this home forgot, and what is nobody's. Answers the forgotten one. */
async function leaks(user: TestUser): Promise<string> {
  await writeGatedScript(user.work)
  await user.submit(['job/job.sh', '--provider', 'sandbox', '--gpus', '0', '--name', 'gated'])
  await user.untilState('running')
  const [ours] = await user.sandbox.machines()
  const home = (ours as { tags?: Record<string, string> } | undefined)?.tags ?? {}
  const forgotten = newRentalId()
  await user.sandbox.plantMachine({ ...small, name: forgotten, tags: home })
  await user.sandbox.plantMachine({ ...small, name: 'jupyter-box' })
  await user.sandbox.plantExtra({ kind: 'disk', name: 'old-data', microsPerHour: null })
  await user.sandbox.plantExtra({ kind: 'address', name: '', microsPerHour: 5_000 })
  return forgotten
}

async function openBilled(app: Page) {
  await goTo(app, '/accounts?show=billed')
  await app.getByRole('button', { name: 'Check now' }).click()
  return app.getByRole('table', { name: 'Everything that costs money' })
}

test('everything that costs money is listed by what it is there for, and ends by its name', async ({
  app,
  user,
}) => {
  test.setTimeout(120_000)
  const forgotten = await leaks(user)
  const table = await openBilled(app)
  await expect(table.getByRole('row', { name: 'Not used by any job' })).toContainText('/month')
  await expect(table.getByRole('row', { name: 'old-data' })).toContainText('unknown')
  await expect(table.getByRole('row', { name: 'gated' })).toContainText('/month')
  const mark = app.getByRole('button', { name: /^1 unused/ })
  await expect(mark).toBeVisible()
  expect(await seriousFindings(app)).toEqual([])

  await table.getByRole('button', { name: `Release ${forgotten}` }).click()
  const dialog = app.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Release' })).toBeDisabled()
  await app.getByLabel(`Type ${forgotten} to go on`).fill(forgotten)
  await dialog.getByRole('button', { name: 'Release' }).click()
  await expect(app.getByText('is gone, as the provider confirmed')).toBeVisible()
  await expect(mark).toBeHidden()
  const left = await user.sandbox.billables()
  expect(left.map(({ name }) => name)).toContain('jupyter-box')
})

test('a release that fails has a red mark everywhere, with its sentence and since when', async ({
  app,
  user,
}) => {
  test.setTimeout(120_000)
  await writeGatedScript(user.work)
  await user.submit(['job/job.sh', '--provider', 'sandbox', '--gpus', '0', '--name', 'gated'])
  await user.untilState('running')
  await user.sandbox.fault({ kind: 'bad-key' }, { operation: 'release', remaining: null })
  await user.run(['stop', 'gated', '--discard'])
  await expect(app.getByRole('button', { name: '1 machine, NOT proven gone' })).toBeVisible()
  const table = await openBilled(app)
  await expect(table.getByText('not proven gone')).toBeVisible()
  await expect(table).toContainText('Give the account a working key')
  await app.getByRole('button', { name: '1 machine, NOT proven gone' }).click()
  await expect(app.getByText('NOT proven gone: being released since')).toBeVisible()
  await app.keyboard.press('Escape')

  await user.sandbox.clearFaults()
  await expect(app.getByText('no machine', { exact: true })).toBeVisible({ timeout: 70_000 })
  await goTo(app, '/spend')
  const receipt = app.getByRole('button', { name: 'receipt of gated' })
  await receipt.click()
  await expect(app.getByRole('dialog')).toContainText('DELETE /v1/machines/')
  await expect(app.getByRole('dialog')).toContainText('no machine, disk, address or spot request')
  expect(await seriousFindings(app)).toEqual([])
})
