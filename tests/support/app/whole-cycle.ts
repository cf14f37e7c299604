import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import { parseCsv } from '../parse-csv.ts'
import { dropFiles } from './drop-files.ts'

const example = fileURLToPath(new URL('../../../examples/train', import.meta.url))
const longMs = 60_000

/**
 * What a newcomer does, in whatever window: drops the example (a copy of it in `work`), launches
 * it on the sandbox, sees log and charts, results and receipt, and finds the entry in Spend. `saveCsv` clicks through the
 * window's own way to save a file and answers where it lies.
 */
export async function wholeCycle(
  page: Page,
  work: string,
  saveCsv: (click: () => Promise<void>) => Promise<string>,
): Promise<void> {
  await expect(page.getByRole('button', { name: 'Try the demo' })).toBeVisible()
  const folder = join(work, 'train')
  await cp(example, folder, { recursive: true })
  await dropFiles(page, [folder])
  await expect(page.getByText('train.py', { exact: true })).toBeVisible()
  await expect(page.getByText('simulated: no money is spent')).toBeVisible()
  await expect(page.getByText(/Stops by itself if this computer dies: yes/)).toBeVisible()
  await page.getByRole('button', { name: 'Launch', exact: true }).click()

  await expect(page).toHaveURL(/#\/jobs\/job-/)
  await expect(page.getByRole('banner')).toContainText(/1 machine/)
  const log = page.getByRole('listbox', { name: 'Lines of the log' })
  await expect(log).toContainText(/epoch +1\/12/, { timeout: longMs })
  const charts = page.getByRole('region', { name: 'Charts' })
  await expect(charts.getByTestId('value').first()).toHaveText(/\d+ %/)

  await expect(page.getByText(/Machine gone, confirmed by Sandbox/)).toBeVisible({
    timeout: longMs,
  })
  await expect(log).toContainText(/epoch +12\/12/)
  await expect(page.getByText('metrics.csv').first()).toBeVisible()
  await expect(page.getByRole('banner')).toContainText('no machine')

  await page.getByRole('link', { name: 'Spend', exact: true }).click()
  const entries = page.getByRole('region', { name: /^Entries/ })
  await expect(entries.getByRole('row').filter({ hasText: 'demo-training' })).toBeVisible()
  const file = await saveCsv(async () => {
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'As CSV', exact: true }).click()
  })
  const [head = [], ...lines] = parseCsv(await readFile(file, 'utf8'))
  const micros = lines.map((line) => Number(line[head.indexOf('amount_micros')]))
  expect(lines.length).toBeGreaterThan(0)
  expect(Math.max(...micros)).toBeGreaterThan(0)
}
