/** The last part of a path of either system. */
export function nameOfPath(path: string): string {
  return (
    path
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .at(-1) ?? path
  )
}

/** A path below `folder` without it; any other path as it is. */
export function shortPath(path: string, folder: string): string {
  if (folder !== '' && path.startsWith(folder) && /^[/\\]/.test(path.slice(folder.length))) {
    return path.slice(folder.length + 1)
  }
  return path
}
