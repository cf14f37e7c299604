/** Saves bytes that the page has as a file: a browser puts it among the downloads, the desktop asks where. */
export function saveBlob(fileName: string, blob: Blob): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  // The browser has taken hold of it by then; without this it would stay in memory.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
