import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { pathSchema } from './frozen.ts'

const storedItemSchema = z.object({
  /** In the output folder, before mapping to what the file system can hold. */
  path: pathSchema,
  kind: z.enum(['file', 'dir', 'symlink']),
  mode: z.int(),
  size: z.int().nonnegative(),
  mtimeS: z.int(),
  ctimeS: z.int(),
  target: pathSchema.nullable(),
  /** Where the job wrote it. */
  source: z.object({ from: z.enum(['output', 'work']), path: pathSchema }).nullable(),
  /** What the machine said of a file, and the bucket confirmed. `partBytes`: see `objectsOf`. */
  content: z
    .object({ key: z.string(), sha256: z.string(), partBytes: z.int().positive().optional() })
    .nullable(),
})
/** One result as it waits in a bucket; folders and links stand in the manifest alone. */
export type StoredItem = z.infer<typeof storedItemSchema>

const manifestSchema = z.object({
  version: z.literal(1),
  items: z.array(storedItemSchema),
  /** All paths of the results, also of those at home already: they decide on names here. */
  among: z.array(pathSchema),
})
/** What of an attempt's results waits in a bucket. */
export type StoredManifest = z.infer<typeof manifestSchema>

export async function saveStored(path: string, manifest: StoredManifest): Promise<void> {
  const text = JSON.stringify(z.encode(manifestSchema, manifest))
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
}

export async function loadStored(path: string): Promise<StoredManifest> {
  return z.decode(manifestSchema, JSON.parse(await readFile(path, 'utf8')))
}
