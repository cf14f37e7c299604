import { z } from 'zod'
import { pathAsText, pathFromBuffer, pathFromText, type PathBytes } from './path-bytes.ts'

/** Names are text where they are UTF-8, else `{ base64 }`: readable, and every byte survives. */
export const pathSchema = z.codec(
  z.union([z.string(), z.object({ base64: z.base64() })]),
  z.custom<PathBytes>((value) => typeof value === 'string'),
  {
    decode: (stored) =>
      typeof stored === 'string'
        ? pathFromText(stored)
        : pathFromBuffer(Buffer.from(stored.base64, 'base64')),
    encode: (path) =>
      pathAsText(path) ?? { base64: Buffer.from(path, 'latin1').toString('base64') },
  },
)

const base = { path: pathSchema, mode: z.int().min(0).max(0o7777), mtimeMs: z.number() }

const frozenFileSchema = z.object({
  ...base,
  kind: z.literal('file'),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** `blob`: a copy is in the store; `file`: it stays where it was and must not change. */
  source: z.enum(['blob', 'file']),
  /** Where below `root` it lies, if not at its own path. */
  at: pathSchema.exactOptional(),
})

const frozenEntrySchema = z.discriminatedUnion('kind', [
  frozenFileSchema,
  z.object({ ...base, kind: z.literal('dir') }),
  z.object({ ...base, kind: z.literal('symlink'), target: pathSchema }),
])

/** Inputs as they were at submit. Encode before JSON, decode after: names are bytes in memory. */
export const frozenManifestSchema = z.object({
  version: z.literal(1),
  /** Absolute local folder of the files that were not copied. */
  root: z.string(),
  /** Absolute folder of the blobs. */
  store: z.string(),
  entries: z.array(frozenEntrySchema).readonly(),
})

export type FrozenManifest = z.infer<typeof frozenManifestSchema>
export type FrozenEntry = z.infer<typeof frozenEntrySchema>
export type FrozenFile = z.infer<typeof frozenFileSchema>

/** The JSON text of a frozen manifest, for the journal. */
export function frozenToJson(frozen: FrozenManifest): string {
  return JSON.stringify(z.encode(frozenManifestSchema, frozen))
}

/** Reads what `frozenToJson` wrote; throws a ZodError on anything else. */
export function frozenFromJson(json: string): FrozenManifest {
  return z.decode(frozenManifestSchema, JSON.parse(json))
}
