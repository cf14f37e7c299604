import path from 'node:path'
import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import { SubletError } from '../../domain/errors.ts'
import { holdsAtLeast, requireInput, resolveUserPath, refuseRoot } from './file-facts.ts'

/** What travels twice is mentioned from this size on. */
const twiceWorthSayingBytes = 10_000_000

/** One input as written; `name` where the user chose what it is called below SUBLET_DATA. */
export interface DataItem {
  readonly path: string
  readonly name?: string
}

export interface DataReading {
  readonly data: JobSpec['data']
  readonly understood: readonly string[]
  readonly warnings: readonly string[]
}

/** Checks that each input is there, and gives each its own name below SUBLET_DATA. */
export async function understandData(
  written: readonly DataItem[],
  baseDir: string,
  codeFolder: string | null,
): Promise<DataReading> {
  const data: { path: string; name: string }[] = []
  const understood: string[] = []
  const warnings: string[] = []
  for (const { path: item, name: chosen } of written) {
    const absolute = resolveUserPath(item, baseDir)
    if (data.some((other) => other.path === absolute)) {
      warnings.push(`The data ${item} is named twice and travels once.`)
      continue
    }
    const kind = await requireInput(absolute, 'The data')
    refuseRoot(absolute, 'The data')
    const plain = path.basename(absolute)
    const taken = new Set(data.map((other) => other.name))
    const name = freeName(chosen ?? plain, taken)
    if (chosen !== undefined && name !== chosen) {
      throw new SubletError(
        'invalid',
        `Two inputs would both be $SUBLET_DATA/${chosen}: give one of them another name.`,
      )
    }
    data.push({ path: absolute, name })
    understood.push(`Data: the ${kind} ${item} appears as $SUBLET_DATA/${name}.`)
    if (
      codeFolder !== null &&
      isInside(absolute, codeFolder) &&
      (await holdsAtLeast(absolute, twiceWorthSayingBytes))
    ) {
      warnings.push(
        `The data ${item} lies in the work folder and would travel twice: list it in .subletignore if the job reads it only from $SUBLET_DATA.`,
      )
    }
  }
  return { data, understood, warnings }
}

/** `name`, or `name-2.ext`, `name-3.ext` … Compared without case, for file systems that do so. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const folded = new Set([...taken].map(fold))
  const { name: stem, ext } = path.parse(name)
  let candidate = name
  for (let number = 2; folded.has(fold(candidate)); number += 1)
    candidate = `${stem}-${number}${ext}`
  return candidate
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** Both absolute; a folder is not inside of itself. */
export function isInside(inner: string, folder: string): boolean {
  const relative = path.relative(folder, inner)
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
}
