import type { Page } from '@playwright/test'

/** Drops files and folders of this computer on the page, as the system's file manager would. */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const at = { x: 500, y: 300, data: { items: [], files: [...paths], dragOperationsMask: 1 } }
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at })
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...at })
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...at })
  await session.detach()
}
