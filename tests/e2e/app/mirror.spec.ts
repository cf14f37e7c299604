import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../../support/app/fixtures.ts'
import { goTo, shoot } from '../../support/app/shoot.ts'

test('copies home: when the last was, when the next will be, and what the end still takes', async ({
  app,
  user,
}) => {
  const gate = join(user.work, 'gate')
  const work = `head -c 3000000 /dev/zero >"$SUBLET_OUTPUT/model.bin"; while [ ! -e '${gate}' ]; do sleep 0.1; done`
  const on = ['--provider', 'sandbox', '--gpus', '0', '--keep-warm', '0', '--output', 'out']
  const job = await user.submit([...on, '--mirror', '2s', '--command', work])
  await goTo(app, `/jobs/${job}`)
  const results = app.getByRole('region', { name: /Home so far/ })
  await expect(results.getByText(/^Last copy home .*, 3 MB; next/)).toBeVisible({ timeout: 40_000 })
  await expect(results.getByText(/nothing is left to bring home/)).toBeVisible()
  await expect(results.getByRole('alert')).toHaveCount(0)
  if (process.env['SHOOT'] !== undefined) {
    await results.scrollIntoViewIfNeeded()
    await shoot(app, 'mirror-job')
  }
  writeFileSync(gate, '')
  await user.until((one) => one.id === job && one.settled, 'the receipt')
  await expect(app.getByText(/^Last copy home/)).toHaveCount(0)
})

test('what bringing results home takes stands beside the offers, and its settings are found', async ({
  app,
}) => {
  await app.getByRole('button', { name: 'Try the demo' }).click()
  await expect(app.getByText(/^Bringing results home: about 100 MB/)).toBeVisible()
  if (process.env['SHOOT'] !== undefined) await shoot(app, 'mirror-run')
  await goTo(app, '/settings')
  await app.getByLabel('Search settings').fill('mirror')
  await expect(app.getByRole('listitem', { name: 'Most for traffic' })).toBeVisible()
  if (process.env['SHOOT'] !== undefined) await shoot(app, 'mirror-settings')
})
