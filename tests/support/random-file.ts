import { randomFillSync } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'

/** Writes a file of so many random (incompressible) bytes. */
export function randomFile(path: string, bytes: number): void {
  const block = Buffer.allocUnsafe(1024 * 1024)
  const file = openSync(path, 'w')
  try {
    for (let left = bytes; left > 0; left -= block.length) {
      randomFillSync(block)
      writeSync(file, block, 0, Math.min(left, block.length))
    }
  } finally {
    closeSync(file)
  }
}
