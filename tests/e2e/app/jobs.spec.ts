import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { seriousFindings } from '../../support/app/axe.ts'
import { expect, test } from '../../support/app/fixtures.ts'
import type { TestUser } from '../../support/cli.ts'
import { withEngine } from '../../support/engine-client.ts'
import { writeGatedScript } from '../../support/gated-script.ts'

const runs = ['--script', 'job', '--command', 'sh job.sh', '--provider', 'sandbox']

async function submit(user: TestUser, name: string, ...more: string[]): Promise<string> {
  const job = await user.submit([...runs, '--name', name, '--keep-warm', '0', ...more])
  await user.until(({ id, state }) => id === job && state === 'running', `${name} to run`)
  return job
}

async function open(app: Page, path: string): Promise<void> {
  await app.evaluate((hash) => {
    window.location.hash = hash
  }, path)
}

const row = (app: Page, name: string) => app.getByRole('row').filter({ hasText: name })

test('an empty list tells the next step', async ({ app }) => {
  await open(app, '/jobs')
  await expect(app.getByText('No jobs yet')).toBeVisible()
  expect(await seriousFindings(app)).toEqual([])
  await app.getByRole('button', { name: 'Run a job' }).click()
  await expect(app).toHaveURL(/#\/run/)
})

test('the list follows its jobs, is walked by keys, and stops one with its results', async ({
  app,
  user,
}) => {
  await writeGatedScript(user.work)
  await open(app, '/jobs')
  const first = await submit(user, 'alpha', '--output', 'out-a', '--project', 'vision')
  await submit(user, 'beta', '--output', 'out-b')
  await expect(row(app, 'alpha')).toContainText('running')
  await expect(row(app, 'alpha')).toContainText('at the latest')
  await expect(row(app, 'alpha')).toContainText('so far, at most $')
  expect(await seriousFindings(app)).toEqual([])

  await app.getByLabel('Filter jobs').fill('vision')
  await expect(row(app, 'beta')).toHaveCount(0)
  await expect(app).toHaveURL(/text=vision/)
  await app.getByLabel('Filter jobs').fill('')

  await row(app, 'beta').focus()
  await app.keyboard.press('ArrowDown')
  await expect(row(app, 'alpha')).toBeFocused()
  await app.keyboard.press('s')
  const dialog = app.getByRole('dialog', { name: 'Stop alpha?' })
  await expect(dialog).toContainText(/Collecting 6 B in 1 file, then the machine goes back; about/)
  await dialog.getByRole('button', { name: 'Collect results, then stop' }).click()
  await expect(dialog).toBeHidden()
  await expect(row(app, 'alpha')).toContainText('cancelled', { timeout: 30_000 })
  await expect(row(app, 'alpha')).toContainText('in all')
  const { outputs } = await user.show(first)
  expect(outputs).toMatchObject({ files: 1, verified: true })

  await row(app, 'beta').focus()
  await app.keyboard.press('Enter')
  await expect(app.getByRole('heading', { name: 'beta', level: 1 })).toBeVisible()
})

test('a row does not move while the pointer is over the list', async ({ app, user }) => {
  const gate = await writeGatedScript(user.work)
  await submit(user, 'alpha', '--output', 'out-a')
  const beta = await submit(user, 'beta', '--output', 'out-b')
  await open(app, '/jobs')
  await row(app, 'beta').hover()
  const before = await row(app, 'beta').boundingBox()
  await writeFile(gate, '')
  await user.until(({ id, endedAt }) => id === beta && endedAt !== null, 'beta to end')
  await expect(row(app, 'beta')).toContainText('done')
  expect(await row(app, 'beta').boundingBox()).toEqual(before)
  await expect(app.getByText('will move when the pointer leaves')).toBeVisible()
  await app.mouse.move(5, 5)
  await expect(app.getByRole('row').first()).toContainText('Today')
})

test('a job is extended, its results appear as they come home, and its receipt stands', async ({
  app,
  user,
}) => {
  const gate = await writeGatedScript(user.work)
  const job = await submit(user, 'alpha', '--output', 'out-a', '--max-duration', '1h')
  const before = await user.show(job)
  await open(app, `/jobs/${job}`)
  await expect(app.getByText('Nothing yet. What the job writes')).toBeVisible()
  await app.getByRole('button', { name: 'Extend' }).click()
  const dialog = app.getByRole('dialog', { name: 'Extend alpha' })
  await dialog.getByLabel('How much longer').fill('nonsense')
  await expect(dialog.getByRole('alert')).toContainText('is not a duration')
  await dialog.getByRole('button', { name: '4h' }).click()
  await expect(dialog).toContainText(/Costs at most \$0\.\d+ more/)
  await dialog.getByRole('button', { name: 'Extend', exact: true }).click()
  await expect(dialog).toBeHidden({ timeout: 30_000 })
  await expect(app.getByText(/as read back from the provider/)).toBeVisible()
  const after = await user.show(job)
  expect(after.summary.endBy).toBe((before.summary.endBy ?? 0) + 4 * 3_600_000)
  expect(after.verdict?.stopsByItself).toBe(true)

  await app.getByPlaceholder('Port, 8888').fill('8888')
  await app.keyboard.press('Enter')
  await expect(app.getByText(/127\.0\.0\.1:\d+/)).toBeVisible()
  await app.getByRole('button', { name: 'Close port 8888' }).click()

  await writeFile(gate, '')
  await expect(
    app.getByText(/Machine gone, confirmed by Sandbox .* at \d\d:\d\d:\d\d/),
  ).toBeVisible({ timeout: 30_000 })
  await expect(app.getByText('note.txt')).toBeVisible()
  await expect(app.getByText('verified', { exact: true })).toHaveCount(2)
  await app.getByRole('button', { name: 'Receipts' }).click()
  await expect(app.getByText(/DELETE \/v1\/machines/)).toBeVisible()
  await app.setViewportSize({ width: 900, height: 600 })
  for (const theme of ['light', 'dark']) {
    await app.evaluate((name) => {
      document.documentElement.dataset['theme'] = name
    }, theme)
    expect(await seriousFindings(app)).toEqual([])
  }
  // The page scrolls inside the window, never the window itself, and never sideways.
  const beyond = await app.evaluate(() => ({
    down: document.documentElement.scrollHeight - window.innerHeight,
    right: document.documentElement.scrollWidth - window.innerWidth,
  }))
  expect(beyond).toEqual({ down: 0, right: 0 })
})

test('an ended job runs again with what was frozen, and can be duplicated', async ({
  app,
  user,
}) => {
  const gate = await writeGatedScript(user.work)
  await writeFile(gate, '')
  const job = await user.submit([...runs, '--name', 'alpha', '--keep-warm', '0'])
  await user.until(({ id, state }) => id === job && state === 'done', 'alpha to be done')
  await writeFile(join(user.work, 'job', 'job.sh'), 'exit 9\n')
  await open(app, `/jobs/${job}`)
  await app.getByRole('button', { name: 'Retry' }).click()
  const dialog = app.getByRole('dialog', { name: 'Run alpha again' })
  await expect(dialog).toContainText('Runs what alpha ran: 2 files as frozen at')
  await expect(dialog).toContainText(/At most \$[\d.]+\/h, at most \$[\d.]+, ends/)
  await dialog.getByRole('button', { name: 'Launch' }).click()
  await expect(app).not.toHaveURL(new RegExp(job))
  await expect(app.getByText(/Machine gone, confirmed by/)).toBeVisible({ timeout: 30_000 })
  await expect(app.getByText('Results are home: 2 files')).toBeVisible()

  await app.getByRole('button', { name: 'Duplicate' }).click()
  await expect(app).toHaveURL(/#\/run/)
})

test('a stop that does not reach the engine says so and can be given again', async ({
  app,
  user,
}) => {
  await writeGatedScript(user.work)
  const job = await submit(user, 'alpha', '--output', 'out-a')
  await open(app, `/jobs/${job}`)
  await app.getByRole('button', { name: 'Stop', exact: true }).click()
  await user.killEngine()
  await app.getByRole('button', { name: 'Discard results and stop' }).click()
  // Either the call waits for the next engine, or it broke and stands there with its retry.
  const again = app.getByRole('button', { name: 'Stop again' }).first()
  await expect(again.or(app.getByText('Stopped by you.'))).toBeVisible({ timeout: 30_000 })
  if (await again.isVisible()) await again.click()
  await expect(app.getByText('Stopped by you.')).toBeVisible({ timeout: 30_000 })
})

test('VS Code is told which line is missing, and the line is added on a click', async ({
  app,
  user,
}) => {
  await writeGatedScript(user.work)
  const job = await submit(user, 'alpha', '--output', 'out-a')
  await open(app, `/jobs/${job}`)
  await app.getByRole('button', { name: 'VS Code' }).click()
  const dialog = app.getByRole('dialog', { name: 'Let VS Code find the machine' })
  await expect(dialog).toContainText(`Include "${join(user.home, 'ssh', 'config')}"`)
  await dialog.getByRole('button', { name: 'Add the line and open' }).click()
  await expect(dialog).toBeHidden()
  const route = await withEngine(user.home, (api) =>
    api.jobs.editor({ jobId: job, mayEditSshConfig: false }),
  )
  expect(route.included).toBe(true)
  await rm(route.userConfigFile)
})

test('a job that is not here leads back to the list', async ({ app }) => {
  await open(app, '/jobs/job-00000000000000000000000000')
  await expect(app.getByText('There is no such job here')).toBeVisible()
  await app.getByRole('button', { name: 'All jobs' }).click()
  await expect(app.getByText('No jobs yet')).toBeVisible()
})
