import path from 'node:path'
import type { Entry } from '../../../preload/contract/job-spec.ts'
import { SubletError } from '../../domain/errors.ts'
import { binaryOf, isExecutable } from './file-facts.ts'

export interface EntryReading {
  readonly entry: Entry
  /** How it is started, to put after its name: "a Python script". */
  readonly described: string
  readonly warnings: readonly string[]
}

const byExtension: Readonly<
  Record<string, readonly ['python' | 'notebook' | 'r' | 'shell', string]>
> = {
  '.py': ['python', 'a Python script'],
  '.ipynb': ['notebook', 'a notebook'],
  '.r': ['r', 'an R script'],
  '.sh': ['shell', 'a shell script'],
  '.bash': ['shell', 'a shell script'],
}

/**
 * How one file is started. `relative` is its path in the work folder. Fails with `unsupported`
 * for a file that nothing says how to run.
 */
export async function readEntry(
  absolute: string,
  relative: string,
  args: readonly string[],
  wantedArch: 'x86_64' | 'arm64',
): Promise<EntryReading> {
  const known = byExtension[path.extname(absolute).toLowerCase()]
  if (known) {
    const entry: Entry = { kind: known[0], path: relative, args: [...args] }
    return { entry, described: known[1], warnings: [] }
  }
  const name = path.basename(absolute)
  const binary = await binaryOf(absolute)
  const entry: Entry = { kind: 'executable', path: relative, args: [...args] }
  switch (binary.kind) {
    case 'script':
      return { entry, described: `a script for ${binary.interpreter}`, warnings: [] }
    case 'elf': {
      const warnings =
        binary.arch === wantedArch
          ? []
          : [
              `${name} is a Linux program for ${binary.arch === 'other' ? 'another processor' : binary.arch}, but the machine is ${wantedArch}: build it for ${wantedArch}${binary.arch === 'arm64' ? ', or set arch: arm64 in the job file' : ''}.`,
            ]
      return { entry, described: `a Linux program (${binary.arch})`, warnings }
    }
    case 'foreign':
      return {
        entry,
        described: `a ${binary.system} program`,
        warnings: [
          `${name} is a ${binary.system} program and rented machines run Linux: build it for Linux.`,
        ],
      }
    case 'none':
      break
  }
  if (await isExecutable(absolute)) return { entry, described: 'an executable', warnings: [] }
  throw new SubletError(
    'unsupported',
    `Nothing says how to run ${absolute}: say it with --command, or name a .py, .sh, .R, .ipynb or executable file.`,
  )
}
