import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { hashFile, systemCode } from './files.ts'
import type { Fetched, RemoteItem } from './receive-types.ts'

const keptSchema = z.record(
  z.string(),
  z.object({ size: z.int(), mtimeS: z.number(), ctimeS: z.number(), sha256: z.string() }),
)

/** Where a broken pass names the files that it had brought whole, by their temporary names. */
const listName = 'whole.json'

/** Names what has come whole, for the next pass; called when a pass breaks off. */
export async function keepAside(partials: string, fetched: readonly Fetched[]): Promise<void> {
  if (fetched.length === 0) return
  const kept = fetched.map(({ item, temp, sha256 }) => {
    const { size, mtimeS, ctimeS } = item.entry
    return [basename(temp), { size, mtimeS, ctimeS, sha256 }] as const
  })
  await writeFile(join(partials, listName), JSON.stringify(Object.fromEntries(kept)), {
    mode: 0o600,
  })
}

/**
 * Of these items, those that an earlier pass brought whole and that are on the machine as they were
 * then. The list is used up: a temporary file that is written again is in no list.
 */
export async function takeAside(
  partials: string,
  items: readonly RemoteItem[],
  tempFor: (item: RemoteItem) => string,
): Promise<Fetched[]> {
  const path = join(partials, listName)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null
    throw error
  })
  if (text === null) return []
  await rm(path)
  const kept = readList(text)
  const found: Fetched[] = []
  for (const item of items) {
    const temp = tempFor(item)
    const one = kept[basename(temp)]
    const { size, mtimeS, ctimeS } = item.entry
    if (one?.size !== size || one.mtimeS !== mtimeS || one.ctimeS !== ctimeS) continue
    const there = await stat(temp).catch(() => null) // It was given its name before the pass broke.
    if (there?.size !== size || (await hashFile(temp)) !== one.sha256) continue
    found.push({ item, temp, sha256: one.sha256, resumedBytes: size })
  }
  return found
}

function readList(text: string): z.infer<typeof keptSchema> {
  try {
    return keptSchema.parse(JSON.parse(text))
  } catch {
    // Cut while it was written: all of it travels once more.
    return {}
  }
}
