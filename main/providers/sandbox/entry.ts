import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The sandbox's program: beside us as TypeScript in a clone, or as JavaScript in a bundle, where
 * `main/providers/sandbox/…` has become one file. `moduleUrl` is the asking module's URL.
 */
export function sandboxEntry(moduleUrl: string = import.meta.url): string {
  const places = [
    '../../../sandbox-cloud/index.ts',
    './sandbox-cloud.js',
    './sandbox-cloud/index.js',
    '../sandbox-cloud/index.js',
  ]
  const paths = places.map((place) => fileURLToPath(new URL(place, moduleUrl)))
  const found = paths.find((path) => existsSync(path))
  return found ?? String(paths[0])
}
