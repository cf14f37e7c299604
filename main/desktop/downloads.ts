import path from 'node:path'
import { app } from 'electron'
import type { Session } from 'electron'
import { isOwnBlob } from './own-page.ts'

/** Saves what the own page made (a CSV, a job file) where the user says; refuses every other download. */
export function saveOwnDownloads(session: Session): void {
  session.on('will-download', (event, item) => {
    if (!isOwnBlob(item.getURL())) {
      event.preventDefault()
      return
    }
    const name = path.basename(item.getFilename())
    item.setSaveDialogOptions({
      title: 'Save',
      defaultPath: path.join(app.getPath('downloads'), name),
    })
  })
}
