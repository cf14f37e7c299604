import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { wholeCycle } from '../../support/app/whole-cycle.ts'
import { testUser, type TestUser } from '../../support/cli.ts'
import { connectedWindow, expect, test as base } from '../../support/desktop/desktop-app.ts'
import { eventually } from '../../support/eventually.ts'
import { writeGatedScript } from '../../support/gated-script.ts'

/** The desktop app over a real engine and sandbox. */
const test = base.extend<{ readonly user: TestUser }>({
  user: async ({}, use) => {
    const user = await testUser()
    await use(user)
    await user.stop()
  },
  home: async ({ user }, use) => {
    await use(user.home)
  },
})

const runs = [
  '--script',
  'job',
  '--command',
  'sh job.sh',
  '--provider',
  'sandbox',
  '--keep-warm',
  '0',
]

test('from the first run to the receipt, the entry and the CSV', async ({ launch, user }) => {
  test.slow()
  const app = await launch()
  await wholeCycle(await connectedWindow(app), user.work, async (click) => {
    const file = join(user.base, 'spend.csv')
    await app.evaluate(({ session }, path) => {
      session.defaultSession.on('will-download', (_event, item) => item.setSavePath(path))
    }, file)
    await click()
    await eventually(async () => (await readFile(file, 'utf8')).endsWith('\n'))
    return file
  })
})

test('the app killed under a running job: it goes on, and the next window shows its end', async ({
  launch,
  user,
}) => {
  const gate = await writeGatedScript(user.work)
  const first = await launch()
  await connectedWindow(first)
  const job = await user.submit([...runs, '--output', 'results'])
  await user.untilState('running')
  const gone = new Promise((resolve) => first.process().once('exit', resolve))
  first.process().kill('SIGKILL')
  await gone
  await writeFile(gate, '')
  await user.until((one) => one.id === job && one.endedAt !== null, 'its end')
  expect(await readFile(join(user.work, 'results', 'note.txt'), 'utf8')).toBe('as it was\n')
  const page = await connectedWindow(await launch())
  await page.getByRole('link', { name: 'Jobs', exact: true }).click()
  await expect(page.getByRole('row').filter({ hasText: 'job' }).last()).toContainText('done')
})
