/** The only address that this app's window ever shows. */
export const appScheme = 'app'
export const appOrigin = 'app://sublet'

/** Whether an address is the app's own page or one of its files. */
export function isOwnAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host } = new URL(address)
  return protocol === `${appScheme}:` && host === 'sublet'
}

/** Whether an address is something that the own page made in memory, such as a download. */
export function isOwnBlob(address: string): boolean {
  return address.startsWith(`blob:${appOrigin}/`)
}

interface Frame {
  readonly url: string
  readonly parent: unknown
}

/** Whether a message comes from the top frame of the app's own page. */
export function isOwnFrame(frame: Frame | null): boolean {
  return frame !== null && frame.parent === null && isOwnAddress(frame.url)
}
