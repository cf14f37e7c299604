import { expect, openApp, test } from '../../support/app/fixtures.ts'
import { putEndedJob } from '../../support/app/ended-job.ts'
import { seedBooks } from '../../support/app/seed-books.ts'
import { goTo, shoot } from '../../support/app/shoot.ts'
import { manyRentals } from '../../support/app/spend-scenes.ts'
import { writeTraining } from './training.ts'

test.describe.configure({ timeout: 400_000 })

test('a first run', async ({ app }) => {
  await shoot(app, 'run-first')
  await goTo(app, '/jobs')
  await expect(app.getByText('No jobs yet')).toBeVisible()
  await shoot(app, 'jobs-empty')
  await goTo(app, '/spend')
  await shoot(app, 'spend-empty')
  await goTo(app, '/accounts')
  await expect(app.getByRole('heading', { name: 'Accounts', level: 1 })).toBeVisible()
  await shoot(app, 'accounts-empty')
  await goTo(app, '/settings')
  await expect(app.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  await shoot(app, 'settings')
  await app.getByRole('searchbox').fill('budget')
  await shoot(app, 'settings-search')
  await app.getByRole('searchbox').fill('bucket')
  await app.getByRole('button', { name: 'Set a bucket' }).click()
  await shoot(app, 'settings-bucket')
  await app.keyboard.press('Control+k')
  await shoot(app, 'palette')
  await app.keyboard.press('Escape')
  await goTo(app, '/run')
  await app.getByRole('button', { name: 'Try the demo' }).click()
  await expect(app.getByText(/^At most/)).toBeVisible()
  await shoot(app, 'run-demo')
  await app.getByLabel('GPU', { exact: true }).fill('B900')
  await expect(app.getByRole('alert').first()).toBeVisible()
  await shoot(app, 'run-no-offer')
})

test('offers and the month', async ({ user, page, link }) => {
  seedBooks(user.home, manyRentals(Date.now(), 60, 3), [
    { scope: { kind: 'all' }, micros: 100_000_000 },
  ])
  await openApp(page, await link())
  await goTo(page, '/spend')
  await expect(page.getByRole('region', { name: /^Entries/ })).toBeVisible()
  await shoot(page, 'spend')
  await page.getByRole('button', { name: 'Budgets' }).click()
  await shoot(page, 'spend-budgets')
  await page.keyboard.press('Escape')
  await goTo(page, '/offers')
  const grid = page.getByRole('grid', { name: 'Offers' })
  await expect(grid.getByRole('row').nth(3)).toBeVisible()
  await shoot(page, 'offers')
  await grid.focus()
  for (let count = 0; count < 3; count += 1) {
    await page.keyboard.press('Space')
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowDown')
  }
  await page
    .getByRole('button', { name: /^Compare \d$/ })
    .first()
    .click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await shoot(page, 'offers-compare')
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox', { name: 'Filter offers' }).fill('B900')
  await expect(page.getByText(/None of/)).toBeVisible()
  await shoot(page, 'offers-none')
})

test('jobs in every state', async ({ user, page, link }) => {
  const project = await writeTraining(user.work)
  const old = putEndedJob(user.home, { lines: 40_000, gpus: 8, durationS: 5_400 })
  await openApp(page, await link())
  const on = ['--provider', 'sandbox', '--keep-warm', '0']
  const submit = (name: string, ...more: string[]) => user.submit([...on, '--name', name, ...more])
  const failed = await submit('ablation-lr', '--command', 'echo no such file: lr.json; exit 3')
  const trains = (seconds: number) => [
    '--script',
    project,
    '--command',
    `python3 train.py ${seconds}`,
    '--data',
    `${project}/data`,
  ]
  const done = await submit('tokenise', ...trains(8))
  const cancelled = await submit('render-nerf', ...trains(900))
  const wants = ['--gpu', 'RTX 4090', '--budget', '5']
  const running = await submit('finetune-vit', ...trains(900), ...wants)
  await user.until(({ id, endedAt }) => id === done && endedAt !== null, 'one to be done')
  await user.until(({ id, state }) => id === cancelled && state === 'running', 'one to run')
  await user.run(['stop', cancelled])
  await user.until(({ id, endedAt }) => id === cancelled && endedAt !== null, 'one to be stopped')
  await goTo(page, '/jobs')
  await expect(page.getByRole('row').filter({ hasText: 'finetune-vit' })).toContainText('running')
  await shoot(page, 'jobs')
  await goTo(page, `/run?template=${running}`)
  await expect(page.getByText(/^At most/)).toBeVisible()
  await shoot(page, 'run-filled')
  for (const [name, job] of Object.entries({ failed, done, cancelled })) {
    await goTo(page, `/jobs/${job}`)
    await expect(page.getByText(/Machine gone/)).toBeVisible()
    await shoot(page, `job-${name}`)
  }
  await goTo(page, `/jobs/${old.jobId}`)
  await expect(page.getByRole('listbox', { name: 'Lines of the log' })).toBeVisible()
  await shoot(page, 'job-8-gpus')
  await goTo(page, `/jobs/${running}`)
  const log = page.getByRole('listbox', { name: 'Lines of the log' })
  // Enough of it that charts and log have something to show.
  await expect(log).toContainText(/epoch 4/, { timeout: 150_000 })
  await shoot(page, 'job-running')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page
    .getByRole('slider')
    .first()
    .hover({ position: { x: 120, y: 20 } })
  await shoot(page, 'job-cross-hair')
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await shoot(page, 'job-stop')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Extend' }).click()
  await shoot(page, 'job-extend')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Stop everything' }).click()
  await shoot(page, 'stop-everything')
  await page.getByRole('button', { name: 'Collect results and stop' }).click()
  await user.until(({ id, endedAt }) => id === running && endedAt !== null, 'the last to stop')
})
