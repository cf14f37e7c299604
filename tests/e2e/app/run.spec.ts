import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { seriousFindings } from '../../support/app/axe.ts'
import { dropFiles } from '../../support/app/drop-files.ts'
import { expect, test } from '../../support/app/fixtures.ts'
import { test as testWithoutLease } from '../../support/app/with-no-lease.ts'
import type { TestUser } from '../../support/cli.ts'

const launch = (app: Page) => app.getByRole('button', { name: 'Launch', exact: true })
const priced = (app: Page) => app.getByRole('radio').first()
const ceiling = (app: Page) => app.getByText(/^At most \$[\d.,]+\/h, at most \$[\d.,]+, ends /)

async function project(user: TestUser, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(user.work, 'project')
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

/** Goes to a folder in the page's own path picker. */
async function browseTo(app: Page, folder: string): Promise<void> {
  await app.getByRole('textbox', { name: 'Folder' }).fill(folder)
  await app.getByRole('button', { name: 'Go', exact: true }).click()
  await expect(app.getByRole('list', { name: `In ${folder}` })).toBeVisible()
}

test('the demo is one click and one launch away, and is a template afterwards', async ({ app }) => {
  await app.getByRole('button', { name: 'Try the demo' }).click()
  await expect(priced(app)).toBeVisible()
  await expect(ceiling(app)).toBeVisible()
  await expect(app.getByText('simulated: no money is spent')).toBeVisible()
  await expect(app.getByText(/Stops by itself if this computer dies: yes/)).toBeVisible()
  await launch(app).click()
  await expect(app).toHaveURL(/#\/jobs\/job-/)
  await app.getByRole('link', { name: 'Run', exact: true }).click()
  await expect(app.getByText('Drop a script, notebook, folder or data here')).toBeVisible()
  await expect(app.getByRole('button', { name: 'Try the demo' })).toBeHidden()
  await app.getByRole('button', { name: 'From a recent job' }).click()
  await app.getByRole('menuitem', { name: /^demo/ }).click()
  await expect(app.getByLabel('Budget')).toHaveValue('$1')
  await expect(app.getByText('train.py', { exact: true })).toBeVisible()
})

test('a folder dropped in the browser is copied whole, understood and launched', async ({
  app,
  user,
}) => {
  const folder = await project(user, {
    'train.py': 'import helper\nprint(helper.word)\n',
    'helper.py': 'word = "ready"\n',
    'set/naïve name.csv': '1,2\n',
  })
  await dropFiles(app, [folder])
  await expect(app.getByText('train.py', { exact: true })).toBeVisible()
  await expect(app.getByText('3 files, 46 B').or(app.getByText(/^3 files/))).toBeVisible()
  await expect(app.getByText(/because it is the folder's train\.py/)).toBeVisible()
  await expect(app.getByText(/Needs no GPU as far as its sources show/)).toBeVisible()
  await expect(app.getByRole('heading', { name: 'New job' })).toBeVisible()
  await expect(launch(app)).toBeEnabled()
  await app.keyboard.press('Control+Enter')
  await expect(app).toHaveURL(/#\/jobs\/job-/)
  const done = await user.until((job) => job.state === 'done', 'done')
  expect(done.outputDir.startsWith(join(user.base, 'user'))).toBe(true)
})

test('choosing, changing and reloading: what is typed is read, asked, kept and saved', async ({
  app,
  user,
}) => {
  const folder = await project(user, {
    'train.py': 'import torch\n',
    'other.py': '',
    'images/a.bin': 'x',
    '.venv/lib/big.so': 'x'.repeat(2_000_000),
  })
  await app.getByRole('button', { name: 'Choose files' }).click()
  await browseTo(app, folder)
  await app.getByRole('checkbox', { name: 'Choose train.py' }).check()
  await app.getByRole('checkbox', { name: 'Choose images' }).check()
  await app.getByRole('button', { name: 'Choose 2' }).click()
  await expect(app.getByText('images', { exact: true }).first()).toBeVisible()
  await expect(priced(app)).toBeVisible()

  await app.getByLabel('Longest').fill('soon')
  await expect(app.getByRole('alert').filter({ hasText: 'is no duration' })).toBeVisible()
  await expect(launch(app)).toBeDisabled()
  await app.getByLabel('Longest').fill('30 min')
  await app.getByLabel('Budget').fill('$2')
  await expect(app.getByText(/at most \$2\.00, ends/)).toBeVisible()
  await app.getByLabel('Price limit').fill('0.0001')
  await expect(app.getByText(/raise “Price limit”/)).toBeVisible()
  await expect(launch(app)).toBeDisabled()
  await app.getByLabel('Price limit').fill('')
  await expect(launch(app)).toBeEnabled()

  await app.getByRole('radio').nth(1).check()
  await expect(app.getByText(/Only this machine is taken/)).toBeVisible()
  await app.getByRole('button', { name: 'Take the best' }).click()
  await expect(priced(app)).toBeChecked()
  await app.getByLabel('Name of images below SUBLET_DATA').fill('pictures')

  await app.reload()
  await expect(app.getByLabel('Budget')).toHaveValue('$2')
  await expect(app.getByLabel('Name of images below SUBLET_DATA')).toHaveValue('pictures')
  await expect(launch(app)).toBeEnabled()

  const saved = join(folder, 'sublet.yaml')
  const save = async (): Promise<void> => {
    await app.getByRole('button', { name: 'Save as' }).click()
    await browseTo(app, folder)
    await app.getByRole('button', { name: 'Save here' }).click()
  }
  await save()
  await expect(app.getByText('Saved', { exact: true })).toBeVisible()
  expect(await readFile(saved, 'utf8')).toBe(
    'script: train.py\ndata:\n  - path: images\n    name: pictures\nbudget: "2"\nmaxDuration: 30min\n'.replace(
      '30min',
      '30m',
    ),
  )
  await save()
  await app.getByRole('button', { name: 'Replace', exact: true }).click()
  await expect(app.getByRole('dialog', { name: 'Replace this file?' })).toBeHidden()

  await app.getByRole('button', { name: 'Start over' }).click()
  await dropFiles(app, [saved])
  await expect(app.getByText(/drop its whole folder/)).toBeVisible()
  await app.getByRole('button', { name: 'Open sublet.yaml' }).click()
  await browseTo(app, folder)
  await app.getByRole('checkbox', { name: 'Choose sublet.yaml' }).check()
  await app.getByRole('button', { name: 'Choose', exact: true }).click()
  await expect(app.getByLabel('Longest')).toHaveValue('30 min')
})

test('an offer chosen on another page is kept for the job, and can be let go', async ({
  app,
  user,
}) => {
  const offers = await user.json<readonly { id: string; machineType: string }[]>(['offers'])
  const wanted = offers.find(({ machineType }) => /h100/i.test(machineType))
  await app.evaluate((id) => {
    window.location.hash = `/run?offer=${encodeURIComponent(id)}`
  }, wanted?.id ?? '')
  await expect(app.getByText(/The machine that you chose is kept for this job/)).toBeVisible()
  await app.getByLabel('Or a command that needs no files').fill('nvidia-smi')
  await app.getByRole('button', { name: 'Use it' }).click()
  await expect(app.getByRole('radio', { checked: true, name: /H100/ })).toBeVisible()
  await expect(app.getByText(/Only this machine is taken/)).toBeVisible()
  await app.getByLabel('GPU', { exact: true }).fill('T4')
  await expect(app.getByText(/The machine that you chose does not fit this job/)).toBeVisible()
  // The list of suggestions is open, and a click elsewhere is a click all the same.
  await app.getByText('Take the best').click()
  await expect(app.getByText(/does not fit this job/)).toBeHidden()
  await expect(launch(app)).toBeEnabled()
})

test('a folder with several scripts asks which one', async ({ app, user }) => {
  const main = 'if __name__ == "__main__":\n    print(1)\n'
  await dropFiles(app, [await project(user, { 'a.py': main, 'b.py': main })])
  await app.getByRole('button', { name: 'Run b.py' }).click()
  await expect(app.getByText('b.py', { exact: true })).toBeVisible()
  await expect(launch(app)).toBeEnabled()
})

test('nothing serious for assistive technology, empty or filled, light or dark', async ({
  app,
  user,
}) => {
  for (const theme of ['light', 'dark']) {
    await app.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme)
    // A colour that is changing is of neither state.
    await expect.poll(() => seriousFindings(app)).toEqual([])
  }
  await dropFiles(app, [await project(user, { 'train.py': 'import torch\n', '.env': 'A=1' })])
  await expect(launch(app)).toBeEnabled()
  for (const fold of [/^Change what is run/, /^Variables and secrets/, /^Machine and inter/]) {
    await app.getByRole('button', { name: fold }).click()
  }
  await app.getByRole('button', { name: 'Add a variable' }).click()
  for (const theme of ['light', 'dark']) {
    await app.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme)
    // A colour that is changing is of neither state.
    await expect.poll(() => seriousFindings(app)).toEqual([])
  }
})

testWithoutLease(
  'a machine that does not stop by itself needs an explicit yes',
  async ({ app }) => {
    await app.getByLabel('Or a command that needs no files').fill('true')
    await app.getByRole('button', { name: 'Use it' }).click()
    await expect(app.getByText(/dies: NO\. This cloud has no expiry of its own/)).toBeVisible()
    await expect(launch(app)).toBeDisabled()
    await app.getByRole('checkbox', { name: /Rent it all the same/ }).check()
    await launch(app).click()
    await expect(app).toHaveURL(/#\/jobs\/job-/)
  },
)
