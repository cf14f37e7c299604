import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, openApp, test } from '../../support/app/fixtures.ts'
import { wholeCycle } from '../../support/app/whole-cycle.ts'
import { writeGatedScript } from '../../support/gated-script.ts'

const runs = ['--script', 'job', '--command', 'sh job.sh', '--provider', 'sandbox']

test('from the first run to the receipt, the entry and the CSV', async ({ app, user }) => {
  test.slow()
  await wholeCycle(app, user.work, async (click) => {
    const download = app.waitForEvent('download')
    await click()
    return await (await download).path()
  })
})

test('an engine killed under a running job comes back, and so does the window', async ({
  app,
  user,
}) => {
  const gate = await writeGatedScript(user.work)
  const job = await user.submit([...runs, '--keep-warm', '0'])
  await user.untilState('running')
  await app.evaluate((hash) => {
    window.location.hash = hash
  }, `/jobs/${job}`)
  await expect(app.getByText('running', { exact: true })).toBeVisible()
  const before = user.enginePid()
  await user.killEngine()
  await expect.poll(() => user.enginePid(), { timeout: 20_000 }).not.toBeNull()
  expect(user.enginePid()).not.toBe(before)
  await writeFile(gate, '')
  await expect(app.getByText(/Machine gone, confirmed by Sandbox/)).toBeVisible({
    timeout: 40_000,
  })
  await expect(app.getByText('What you see may be old')).toBeHidden()
  expect((await user.show(job)).summary).toMatchObject({ state: 'done', settled: true })
})

test('the page closed and its host killed: the job goes on and its results come home', async ({
  page,
  user,
  link,
  hosts,
}) => {
  const gate = await writeGatedScript(user.work)
  await page.goto(await link())
  const job = await user.submit([...runs, '--keep-warm', '0', '--output', 'results'])
  await user.untilState('running')
  await page.close()
  for (const { child } of hosts) child.kill('SIGKILL')
  await writeFile(gate, '')
  const ended = await user.until((one) => one.id === job && one.endedAt !== null, 'its end')
  expect(ended.state).toBe('done')
  expect((await readdir(join(user.work, 'results'))).sort()).toEqual(['first.txt', 'note.txt'])
})

test('a job that uses up its budget is stopped, collected, and says so', async ({
  page,
  link,
  user,
}) => {
  await writeGatedScript(user.work)
  // Half a minute of this engine and its sandbox passes in a second.
  await openApp(page, await link({ SUBLET_CLOCK: `30@${Date.now()}` }))
  const job = await user.submit([...runs, '--gpu', 'L4', '--budget', '0.12', '--keep-warm', '0'])
  await page.goto(new URL(`/#/jobs/${job}`, page.url()).href)
  await expect(page.getByText(/Machine gone, confirmed by Sandbox/)).toBeVisible({
    timeout: 60_000,
  })
  await expect(page.getByRole('main')).toContainText(
    /Stopped (because the job's budget .* is used up|so that the machine is gone by the end)/,
  )
  const ended = await user.until((one) => one.id === job && one.endedAt !== null, 'its end')
  expect(ended.error?.code).toBe('budget')
  expect(ended.costMicros).toBeLessThanOrEqual(120_000)
  expect((await user.show(job)).outputs).toMatchObject({ files: 1, verified: true })
})
