import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { FaultClass } from './fault-class.ts'

const folder = join(import.meta.dirname, 'classes')

/** Every class, by the names of their files: a new file is a new row. */
export async function knownClasses(): Promise<readonly FaultClass[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).toSorted()
  return await Promise.all(
    files.map(async (file) => {
      const { faultClass } = (await import(join(folder, file))) as { faultClass?: FaultClass }
      if (faultClass === undefined) throw new Error(`classes/${file} exports no faultClass.`)
      return faultClass
    }),
  )
}
