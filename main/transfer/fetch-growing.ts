import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Machine } from '../machine/machine.ts'
import type { FetchContext } from './fetch-small.ts'
import { pathToBuffer } from './path-bytes.ts'
import type { Fetched, RemoteItem } from './receive-types.ts'
import { runCommand, runForBytes, shellWord } from './remote-command.ts'

/** `$p` is the file, `$n` how much of it. Names come by standard input: they are bytes. */
function beginningOf(item: RemoteItem, bytes: number, pipe: string): string {
  return `cd ${shellWord(item.root)} && n=${bytes} && xargs -0 sh -c ${shellWord(`head -c "$0" -- "$1"${pipe}`)} "$n"`
}

function nameFeed(item: RemoteItem): Uint8Array[] {
  return [Buffer.concat([Buffer.from('./'), pathToBuffer(item.entry.path), Buffer.from([0])])]
}

/** The hash of a file's first bytes on the machine, now; null when it cannot be read. */
export async function hashBeginning(
  machine: Machine,
  item: RemoteItem,
  bytes: number,
  signal?: AbortSignal,
): Promise<string | null> {
  const command = beginningOf(item, bytes, ' | sha256sum')
  const { stdout } = await runForBytes(machine, command, nameFeed(item), signal)
  return /^[0-9a-f]{64}/.exec(stdout.toString('latin1'))?.[0] ?? null
}

/**
 * Fetches the beginning of files that grow, each up to its listed size. One whose beginning was
 * rewritten meanwhile, or which is shorter by now, is not in the answer.
 */
export async function fetchGrowing(
  machine: Machine,
  items: readonly RemoteItem[],
  context: FetchContext,
): Promise<Fetched[]> {
  const fetched: Fetched[] = []
  for (const item of items) {
    const temp = context.tempFor(item)
    const sha256 = await fetchBeginning(machine, item, temp, context)
    const again = await hashBeginning(machine, item, item.entry.size, context.signal)
    if (sha256 !== null && sha256 === again) fetched.push({ item, temp, sha256, resumedBytes: 0 })
  }
  return fetched
}

async function fetchBeginning(
  machine: Machine,
  item: RemoteItem,
  temp: string,
  { meter, signal }: FetchContext,
): Promise<string | null> {
  const hash = createHash('sha256')
  const { size, mtimeS, mode } = item.entry
  const file = await open(temp, 'w', 0o600)
  let bytes = 0
  try {
    await runCommand(
      machine,
      beginningOf(item, size, ''),
      nameFeed(item),
      async (stdout) => {
        for await (const chunk of stdout as AsyncIterable<Buffer>) {
          bytes += chunk.length
          // A machine that sends more than was asked for is not believed, nor stored.
          if (bytes > size) continue
          hash.update(chunk)
          await file.write(chunk)
          meter.add(chunk.length)
        }
      },
      signal,
    )
    await file.utimes(mtimeS, mtimeS)
    await file.chmod(mode & 0o777)
  } finally {
    await file.close()
  }
  meter.add(0, 1)
  return bytes === size ? hash.digest('hex') : null
}
