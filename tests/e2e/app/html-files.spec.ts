import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { evil, expectNothingMade, expectText } from '../../support/app/expect-text.ts'
import { expect, test } from '../../support/app/fixtures.ts'
import { goTo } from '../../support/app/shoot.ts'
import { parseCsv } from '../../support/parse-csv.ts'

const script = `${evil}.sh`
const data = `${evil}.csv`
const work = `ls "$SUBLET_DATA"
mkdir -p "$SUBLET_OUTPUT"/'${evil}'
printf '%s\\n' '${evil}' >"$SUBLET_OUTPUT"/'${evil}.txt'
printf '%s\\n' '${evil}' >"$SUBLET_OUTPUT"/'${evil}'/'${evil}.html'
printf 'said %s\\n' '${evil}'
`

/** What a menu of exports hands over, and under which name. */
async function exported(page: Page, item: string) {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
  const file = await download
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
}

test('HTML in the names of a script, data and results is text, and names what it names', async ({
  app,
  user,
}) => {
  test.slow()
  const folder = join(user.work, 'project')
  await mkdir(folder)
  await writeFile(join(folder, script), work)
  await writeFile(join(folder, data), `${evil}\n`)

  await app.getByRole('button', { name: 'Choose files' }).click()
  await app.getByRole('textbox', { name: 'Folder' }).fill(folder)
  await app.getByRole('button', { name: 'Go', exact: true }).click()
  await expect(app.getByRole('list', { name: `In ${folder}` })).toBeVisible()
  await expectText(app, 'the files of a folder', data)
  for (const name of [script, data]) {
    await app.getByRole('checkbox', { name: `Choose ${name}` }).check()
  }
  await app.getByRole('button', { name: 'Choose 2' }).click()
  await expect(app.getByRole('radio').first()).toBeVisible()
  await expectText(app, 'Run', script)
  await expectText(app, 'Run', data)

  await app.getByRole('button', { name: 'Launch', exact: true }).click()
  await expect(app).toHaveURL(/#\/jobs\/job-/)
  await expect(app.getByText(/Machine gone, confirmed by Sandbox/)).toBeVisible({ timeout: 90_000 })
  const log = app.getByRole('listbox', { name: 'Lines of the log' })
  await expect(log).toContainText(`said ${evil}`)
  await expect(log).toContainText(data)
  await expectText(app, 'results', `${evil}.txt`)
  await expectText(app, 'results', `${evil}.html`)

  const done = await user.until((job) => job.settled, 'its receipt')
  expect(done.state).toBe('done')
  const home = await readdir(done.outputDir, { recursive: true })
  expect(home.toSorted()).toEqual([evil, join(evil, `${evil}.html`), `${evil}.txt`].toSorted())
  await goTo(app, '/jobs')
  await expectText(app, 'Jobs')
  await goTo(app, '/spend')
  await expect(
    app
      .getByRole('region', { name: /^Entries/ })
      .getByText(evil)
      .first(),
  ).toBeVisible()
  await expectNothingMade(app, 'Spend')

  const csv = await exported(app, 'As CSV')
  const [head = [], line = []] = parseCsv(csv.text)
  expect(line[head.indexOf('job')]).toContain(evil)
  const json = await exported(app, 'As JSON')
  expect(JSON.stringify(JSON.parse(json.text))).toContain(JSON.stringify(evil).slice(1, -1))
  for (const { name } of [csv, json]) expect(name).toMatch(/^[\w.-]+$/)
})
