import { protocol } from 'electron'
import type { Session } from 'electron'
import { readStaticFile } from '../serve/static-files.ts'
import { appScheme, isOwnAddress } from './own-page.ts'

/** What the page may load and reach: its own files, and no network at all. */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Makes `app://` a scheme with an origin of its own. Before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, codeCache: true } },
  ])
}

/** Serves the built renderer as `app://sublet/`, and nothing else of the disk. */
export function serveAppFiles(session: Session, folder: string): void {
  session.protocol.handle(appScheme, async (request) => {
    const headers = {
      'Content-Security-Policy': contentPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
    }
    const isAllowed = request.method === 'GET' && isOwnAddress(request.url)
    const file = isAllowed ? await readStaticFile(folder, new URL(request.url).pathname) : null
    if (file === null) return new Response('There is no such file.', { status: 404, headers })
    return new Response(new Uint8Array(file.body), {
      headers: { ...headers, 'Content-Type': file.type },
    })
  })
}
