import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The sandbox's program: TypeScript in a clone, JavaScript in a build, in the same place. */
export function sandboxEntry(moduleUrl: string = import.meta.url): string {
  const name = `../../../sandbox-cloud/index${extname(new URL(moduleUrl).pathname)}`
  return fileURLToPath(new URL(name, moduleUrl))
}
