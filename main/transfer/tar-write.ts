import type { PathBytes } from './path-bytes.ts'

const BLOCK_BYTES = 512
const NAME_BYTES = 100

/** One member of a tar stream; `content` yields exactly `size` bytes. */
export interface TarMember {
  readonly path: PathBytes
  readonly kind: 'file' | 'dir' | 'symlink'
  readonly mode: number
  readonly mtimeMs: number
  readonly size: number
  readonly target?: PathBytes
  readonly content?: () => Promise<Uint8Array>
}

const TYPE_FLAGS = { file: '0', dir: '5', symlink: '2', longName: 'L', longTarget: 'K' } as const

function header(
  name: string,
  type: keyof typeof TYPE_FLAGS,
  size: number,
  mode: number,
  mtimeS: number,
  target: string,
): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES)
  block.write(name, 0, NAME_BYTES, 'latin1')
  block.write(`${mode.toString(8).padStart(7, '0')}\0`, 100, 'latin1')
  block.write('0000000\0', 108, 'latin1')
  block.write('0000000\0', 116, 'latin1')
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  block.write(`${mtimeS.toString(8).padStart(11, '0')}\0`, 136, 'latin1')
  block.write('        ', 148, 'latin1')
  block.write(TYPE_FLAGS[type], 156, 'latin1')
  block.write(target, 157, NAME_BYTES, 'latin1')
  block.write('ustar  \0', 257, 'latin1')
  let sum = 0
  for (const byte of block) sum += byte
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES)
}

function longField(type: 'longName' | 'longTarget', value: string): Buffer[] {
  const bytes = Buffer.from(`${value}\0`, 'latin1')
  return [header('././@LongLink', type, bytes.length, 0o644, 0, ''), bytes, padding(bytes.length)]
}

/**
 * The header blocks of one member. GNU long names, not pax: they carry raw bytes, and busybox tar
 * ignores a pax path.
 */
export function tarHeader(member: TarMember): Buffer {
  const name = member.kind === 'dir' ? `./${member.path}/` : `./${member.path}`
  const target = member.target ?? ''
  const mtimeS = Math.min(Math.max(0, Math.floor(member.mtimeMs / 1000)), 0o77777777777)
  return Buffer.concat([
    ...(target.length > NAME_BYTES ? longField('longTarget', target) : []),
    ...(name.length > NAME_BYTES ? longField('longName', name) : []),
    header(name, member.kind, member.size, member.mode & 0o7777, mtimeS, target),
  ])
}

const BATCH_BYTES = 256 * 1024
const READ_AHEAD = 16

/** A tar stream of the members, read a few ahead, in pieces of about 256 KiB. */
export async function* tarStream(members: readonly TarMember[]): AsyncGenerator<Uint8Array> {
  let batch: Uint8Array[] = []
  let batchBytes = 0
  const ahead: Promise<Uint8Array>[] = []
  const empty = new Uint8Array(0)
  const load = (index: number): void => {
    const member = members[index]
    if (member === undefined) return
    const content = member.content?.() ?? Promise.resolve(empty)
    // The failure is seen when its turn comes; until then it must not count as unhandled.
    content.catch(() => undefined)
    ahead.push(content)
  }
  for (let index = 0; index < READ_AHEAD; index += 1) load(index)
  for (const [index, member] of members.entries()) {
    const content = (await ahead.shift()) ?? empty
    load(index + READ_AHEAD)
    batch.push(tarHeader(member), content, padding(content.length))
    batchBytes += BLOCK_BYTES + content.length
    if (batchBytes < BATCH_BYTES) continue
    yield Buffer.concat(batch)
    batch = []
    batchBytes = 0
  }
  yield Buffer.concat([...batch, Buffer.alloc(2 * BLOCK_BYTES)])
}
