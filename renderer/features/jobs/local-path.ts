/** A path below a folder of this computer, with the separator that the folder uses. */
export function joinLocal(folder: string, path: string): string {
  const separator = /^[A-Za-z]:|\\/.test(folder) ? '\\' : '/'
  const inner = separator === '\\' ? path.replaceAll('/', '\\') : path
  return folder.endsWith(separator) ? `${folder}${inner}` : `${folder}${separator}${inner}`
}

/** Its folder and its name: `checkpoints/`, `epoch-2.pt`. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const cut = path.lastIndexOf('/') + 1
  return { folder: path.slice(0, cut), name: path.slice(cut) }
}
