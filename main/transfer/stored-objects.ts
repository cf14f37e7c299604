import type { StoredItem } from './stored.ts'

/** One object of a stored file: all of it, or a part. */
export interface StoredObject {
  readonly key: string
  readonly offset: number
  readonly bytes: number
}

/** The objects that hold a file's content, in the order of its bytes. */
export function objectsOf(
  { key, partBytes }: NonNullable<StoredItem['content']>,
  size: number,
): readonly StoredObject[] {
  if (partBytes === undefined || size <= partBytes) return [{ key, offset: 0, bytes: size }]
  const count = Math.ceil(size / partBytes)
  const width = String(count).length
  return Array.from({ length: count }, (_, index) => ({
    // Sorted by name they are in order, so that `cat` makes the file of them.
    key: `${key}.part-${String(index + 1).padStart(width, '0')}-of-${count}`,
    offset: index * partBytes,
    bytes: Math.min(partBytes, size - index * partBytes),
  }))
}

/** A file's bytes from `offset` on, which lies inside it. Ends early where an object is cut or grown. */
export async function* readStored(
  objects: readonly StoredObject[],
  offset: number,
  read: (key: string, offset: number) => Promise<AsyncIterable<Uint8Array>>,
): AsyncGenerator<Uint8Array> {
  for (const one of objects) {
    const start = Math.max(0, offset - one.offset)
    let left = one.bytes - start
    if (left <= 0) continue
    for await (const chunk of await read(one.key, start)) {
      if (chunk.length > left) return
      left -= chunk.length
      yield chunk
    }
    if (left > 0) return
  }
}
