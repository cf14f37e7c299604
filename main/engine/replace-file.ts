import { randomUUID } from 'node:crypto'
import { chmod, rename, rm, writeFile } from 'node:fs/promises'

/** Writes a whole file, durably, in one step: after a crash it is the old one or the new one. */
export async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const next = `${file}.${randomUUID()}.new`
  try {
    await writeFile(next, text, { mode, flush: true })
    // `mode` above is narrowed by the umask.
    await chmod(next, mode)
    await rename(next, file)
  } finally {
    await rm(next, { force: true })
  }
}
