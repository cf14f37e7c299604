import { SubletError } from '../domain/errors.ts'
import { wordOfBytes } from './remote-command.ts'
import { FIND_HASH_TOOL } from './remote-hash.ts'
import type { RemoteItem } from './receive-types.ts'
import { absolutePath } from './upload-answer.ts'
import { partBlockBytes, type Uploader } from './upload-types.ts'

/**
 * The SHA-256 of each part of a file on the machine, in order. `partBytes` is a multiple of
 * `partBlockBytes`. Fails with `unavailable` where not every part can be read.
 */
export async function hashParts(
  machine: Uploader,
  item: RemoteItem,
  partBytes: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const count = Math.ceil(item.entry.size / partBytes)
  const blocks = partBytes / partBlockBytes
  const command = `${FIND_HASH_TOOL}
file=${wordOfBytes(absolutePath(machine, item))}; file=\${file%x}
part=0
while [ "$part" -lt ${count} ]; do
  dd if="$file" bs=${partBlockBytes} skip=$((part * ${blocks})) count=${blocks} 2>/dev/null | $t
  part=$((part + 1))
done`
  const { stdout } = await machine.exec(command, { signal })
  const hashes = [...stdout.matchAll(/^[0-9a-f]{64}(?= )/gm)].map(([hash]) => hash)
  if (hashes.length === count) return hashes
  throw new SubletError('unavailable', 'Not all parts of a large file can be read on the machine.')
}
