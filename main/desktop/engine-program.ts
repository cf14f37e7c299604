import { existsSync } from 'node:fs'
import path from 'node:path'
import { SubletError } from '../domain/errors.ts'
import type { EngineProgram } from '../engine/start-engine.ts'

/**
 * The engine as the desktop app starts it: on the Node that comes with Sublet, never on Electron.
 * `root` is the checkout or the packed app; `resources` is Electron's folder of extra files.
 */
export function engineProgram(
  root: string,
  resources: string,
  isPackaged: boolean,
  platform: NodeJS.Platform = process.platform,
): Pick<EngineProgram, 'node' | 'entry'> {
  const name = platform === 'win32' ? 'node.exe' : 'node'
  const program = isPackaged
    ? {
        node: path.join(resources, 'node', name),
        entry: path.join(resources, 'engine', 'out', 'main', 'engine.js'),
      }
    : {
        node: path.join(root, 'node_modules', 'node', 'bin', name),
        entry: path.join(root, 'main', 'engine.ts'),
      }
  for (const file of [program.node, program.entry]) {
    if (existsSync(file)) continue
    throw new SubletError(
      'unsupported',
      isPackaged
        ? `This installation of Sublet lacks ${file}; install it again.`
        : `The engine cannot be started without ${file}: run "npm ci" in ${root}.`,
    )
  }
  return program
}
