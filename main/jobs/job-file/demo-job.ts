import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { SubletError } from '../../domain/errors.ts'

/** Simulated machines run jobs on this computer, with what is installed here. Fails with `unsupported`. */
export async function requirePython(): Promise<void> {
  try {
    await promisify(execFile)('python3', ['--version'])
  } catch (error) {
    throw new SubletError(
      'unsupported',
      'The demo trains with python3, which is not installed here (a simulated machine runs on this computer): install it, for example with "apt-get install python3", and run the demo again.',
      { cause: error },
    )
  }
}

/** A folder that is not there yet: results of an earlier demo stay as they are. */
export function freeFolder(wanted: string): string {
  let folder = wanted
  for (let number = 2; existsSync(folder); number += 1) folder = `${wanted}-${number}`
  return folder
}

/** Where the bundled example stands in Sublet's own folder. */
export function exampleFolder(packageRoot: string): string {
  return path.join(packageRoot, 'examples', 'train')
}

export interface DemoJob {
  /** The folder with the script and its sublet.yaml. */
  readonly folder: string
  readonly jobFile: string
  readonly script: string
  readonly data: string
  /** Where its results go by default. */
  readonly outputDir: string
}

/** Puts the bundled example into a folder of the user's, where it may be changed. Repeatable. */
export async function placeDemo(packageRoot: string, home: string): Promise<DemoJob> {
  const folder = path.join(home, 'demo', 'train')
  await mkdir(path.dirname(folder), { recursive: true })
  await cp(exampleFolder(packageRoot), folder, {
    recursive: true,
    force: false,
    // Results of somebody's run in the checkout are no part of the example.
    filter: (from) => path.basename(from) !== 'sublet-output',
  })
  return {
    folder,
    jobFile: path.join(folder, 'sublet.yaml'),
    script: path.join(folder, 'train.py'),
    data: path.join(folder, 'data', 'moons.csv'),
    outputDir: freeFolder(path.join(folder, 'sublet-output', 'demo')),
  }
}
