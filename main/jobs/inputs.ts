import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { SubletError } from '../domain/errors.ts'
import { checkSources } from '../transfer/sources.ts'
import { frozenManifestSchema, type FrozenManifest } from '../transfer/frozen.ts'

/** A job's frozen inputs: the work folder's content and each data set below SUBLET_DATA. */
export interface Inputs {
  readonly code: FrozenManifest | null
  readonly data: readonly {
    readonly name: string
    /** A single file, which appears under `name` itself, not in a folder. */
    readonly single: boolean
    readonly frozen: FrozenManifest
  }[]
}

const inputsSchema = z.object({
  version: z.literal(1),
  code: frozenManifestSchema.nullable(),
  data: z.array(z.object({ name: z.string(), single: z.boolean(), frozen: frozenManifestSchema })),
})

/** Writes the inputs whole or not at all; the journal's `inputs-frozen` follows. */
export async function saveInputs(path: string, inputs: Inputs): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const stored = z.encode(inputsSchema, { version: 1, code: inputs.code, data: [...inputs.data] })
  const partial = `${path}.partial`
  await writeFile(partial, JSON.stringify(stored), { mode: 0o600, flush: true })
  await rename(partial, path)
}

/** Reads them back; fails with `input-missing` when the file is gone or unreadable. */
export async function loadInputs(path: string): Promise<Inputs> {
  try {
    return z.decode(inputsSchema, JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new SubletError(
      'input-missing',
      `The frozen inputs in ${path} cannot be read any more. Submit the job again.`,
      { cause },
    )
  }
}

/**
 * Checks that all of it can still be had as it was frozen; reads no content. Fails with
 * `input-missing` or `input-changed`, naming the file.
 */
export async function checkInputs(inputs: Inputs): Promise<void> {
  for (const frozen of [inputs.code, ...inputs.data.map((one) => one.frozen)]) {
    if (frozen === null) continue
    await checkSources(
      frozen,
      frozen.entries.filter((entry) => entry.kind === 'file'),
    )
  }
}

/** Bytes and files of all inputs together. */
export function weigh(inputs: Inputs): { readonly bytes: number; readonly files: number } {
  let bytes = 0
  let files = 0
  for (const frozen of [inputs.code, ...inputs.data.map((one) => one.frozen)]) {
    for (const entry of frozen?.entries ?? []) {
      if (entry.kind !== 'file') continue
      bytes += entry.size
      files += 1
    }
  }
  return { bytes, files }
}
