import { app } from 'electron'
import type { Session, WebContents } from 'electron'
import { isOwnAddress, isOwnBlob } from './own-page.ts'

/** The one thing that the page asks the browser for: its Copy buttons write the clipboard. */
const granted = 'clipboard-sanitized-write'

/** No permission, no device, no request but for the app's own files. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    answer(permission === granted && isOwnAddress(requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => {
    // The types leave this permission out of the checks, which ask for it all the same.
    return (permission as string) === granted && isOwnAddress(origin)
  })
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !mayLoad(details.url) })
  })
}

/** No window, frame or view of any page leads anywhere but to the app's own page. */
export function hardenContents(): void {
  app.on('web-contents-created', (_event, contents) => confine(contents))
}

function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => {
    if (!isOwnAddress(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!isOwnAddress(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

function mayLoad(address: string): boolean {
  if (isOwnAddress(address) || isOwnBlob(address) || address.startsWith('data:')) return true
  // The developer tools of a checkout; a packaged app has none.
  return !app.isPackaged && address.startsWith('devtools:')
}
