import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'

const folder = 'out/screenshots'
const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
] as const
const themes = ['light', 'dark'] as const

/** Goes to a page by its address, without loading the app anew. */
export async function goTo(page: Page, route: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash
  }, route)
}

/** Writes what is on the screen in both themes and both sizes to `out/screenshots/NAME-….png`. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const size of sizes) {
    await page.setViewportSize(size)
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      // Charts take the theme's colours with their next frame.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)))
      const file = `${name}-${size.width}-${colorScheme}.png`
      await page.screenshot({ path: join(folder, file), animations: 'disabled' })
    }
  }
}
