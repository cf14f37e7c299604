import path from 'node:path'
import type { InputRole } from '../../../preload/contract/services/files.ts'
import { detectInFolder } from './detect-folder.ts'
import { binaryOf, isExecutable, namesIn } from './file-facts.ts'
import { toSubletError } from '../../domain/errors.ts'

const scripts = /\.(py|ipynb|r|sh|bash)$/i
const jobFiles = ['sublet.yaml', 'sublet.yml'] as const

export interface RoleReading {
  readonly role: InputRole
  readonly jobFile: string | null
}

/**
 * What a path is most likely meant as when the user drops or picks it: a job file, something to
 * start, a folder with code in it, or data. Never fails: what cannot be read counts as data.
 */
export async function inputRole(absolute: string, kind: 'file' | 'folder'): Promise<RoleReading> {
  try {
    return kind === 'folder' ? await folderRole(absolute) : await fileRole(absolute)
  } catch {
    // Whoever uses it says why it cannot be read; here it is only sorted.
    return { role: 'data', jobFile: null }
  }
}

async function fileRole(file: string): Promise<RoleReading> {
  const name = path.basename(file)
  if (jobFiles.some((one) => one === name.toLowerCase())) return { role: 'job-file', jobFile: file }
  if (scripts.test(name)) return { role: 'script', jobFile: null }
  if (!(await isExecutable(file))) return { role: 'data', jobFile: null }
  const { kind } = await binaryOf(file)
  return { role: kind === 'elf' || kind === 'script' ? 'script' : 'data', jobFile: null }
}

async function folderRole(folder: string): Promise<RoleReading> {
  const names = await namesIn(folder)
  const found = jobFiles.find((name) => names.includes(name))
  if (found !== undefined) return { role: 'job-file', jobFile: path.join(folder, found) }
  try {
    await detectInFolder(folder)
    return { role: 'code', jobFile: null }
  } catch (thrown) {
    // Several things to start is code that needs a choice; nothing to start is data.
    const { code } = toSubletError(thrown)
    return { role: code === 'invalid' ? 'code' : 'data', jobFile: null }
  }
}
