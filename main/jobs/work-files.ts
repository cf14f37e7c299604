import { readFile } from 'node:fs/promises'
import { workFileNames, type WorkFiles } from '../domain/environment/work-files.ts'
import { sourcePath } from '../transfer/sources.ts'
import type { FrozenManifest } from '../transfer/frozen.ts'
import { pathFromText } from '../transfer/path-bytes.ts'

/** A requirements file above this is no requirements file. */
const longestBytes = 4 * 2 ** 20

/** The frozen files that decide about the job's environment, as they were at submit. */
export async function readWorkFiles(code: FrozenManifest | null): Promise<WorkFiles> {
  return {
    requirementsTxt: await textOf(code, workFileNames.requirementsTxt),
    pyproject: await textOf(code, workFileNames.pyproject),
    uvLock: await textOf(code, workFileNames.uvLock),
    renvLock: await textOf(code, workFileNames.renvLock),
  }
}

async function textOf(code: FrozenManifest | null, name: string): Promise<string | null> {
  const path = pathFromText(name)
  const entry = code?.entries.find((one) => one.path === path)
  if (code === null || entry?.kind !== 'file' || entry.size > longestBytes) return null
  return readFile(sourcePath(code, entry), 'utf8')
}
