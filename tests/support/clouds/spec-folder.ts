import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The official API descriptions lie beside the checkout, where they are; they are nobody's to copy. */
export function specFile(name: string): string | null {
  const file = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'specs', name)
  return existsSync(file) ? file : null
}
