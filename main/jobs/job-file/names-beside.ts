import { readdir } from 'node:fs/promises'
import path from 'node:path'

/** Names in the folder of a path, for "did you mean"; none when the folder is not there either. */
export async function namesBeside(absolute: string): Promise<readonly string[]> {
  try {
    return await readdir(path.dirname(absolute))
  } catch {
    // Only a hint is lost; the caller already has a sentence.
    return []
  }
}
