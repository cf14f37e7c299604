import type { Page } from '@playwright/test'
import { expect } from './fixtures.ts'

/** HTML that says so if a browser takes it for some; a file of this computer may be called it. */
export const evil = '<img src=x onerror="window.evil=1"><b data-evil>bold<script>window.evil=1;'

/** Nothing on the page was made of it, and it stands there as it was written. */
export async function expectText(page: Page, where: string, text = evil): Promise<void> {
  await expect(page.getByText(text).first(), `${where}: as text`).toBeVisible()
  await expectNothingMade(page, where)
}

/** Nothing on the page was made of it, whether it is shown or not. */
export async function expectNothingMade(page: Page, where: string): Promise<void> {
  const made = await page.evaluate(() => ({
    elements: document.querySelectorAll('[data-evil], [onerror], img[src="x"], body script').length,
    ran: 'evil' in window,
    handlers: [...document.querySelectorAll('*')].filter((element) =>
      [...element.attributes].some(({ name }) => name.startsWith('on')),
    ).length,
  }))
  expect(made, where).toEqual({ elements: 0, ran: false, handlers: 0 })
  await expect(page).toHaveTitle('Sublet')
}
