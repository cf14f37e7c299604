import type { Dirent } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { SftpError } from './files.ts'
import { statusCode } from './packets.ts'

/** An open file. */
export interface OpenFile {
  readonly kind: 'file'
  readonly file: FileHandle
}

/** An open folder: what of its listing was not sent yet. */
export interface OpenFolder {
  readonly kind: 'folder'
  readonly path: Buffer
  entries: readonly Dirent<Buffer>[]
}

/** As OpenSSH: more at once is a client's mistake. */
export const maximumHandles = 1000

/** The open files and folders of one SFTP session. */
export class Handles {
  readonly #open = new Map<number, OpenFile | OpenFolder>()
  #next = 1

  add(opened: OpenFile | OpenFolder): Buffer {
    const id = this.#next++
    this.#open.set(id, opened)
    const handle = Buffer.allocUnsafe(4)
    handle.writeUInt32BE(id)
    return handle
  }

  get full(): boolean {
    return this.#open.size >= maximumHandles
  }

  file(handle: Buffer): OpenFile {
    const opened = this.#open.get(idOf(handle))
    if (opened?.kind !== 'file') throw unknownHandle()
    return opened
  }

  folder(handle: Buffer): OpenFolder {
    const opened = this.#open.get(idOf(handle))
    if (opened?.kind !== 'folder') throw unknownHandle()
    return opened
  }

  async close(handle: Buffer): Promise<void> {
    const opened = this.#open.get(idOf(handle))
    if (opened === undefined) throw unknownHandle()
    this.#open.delete(idOf(handle))
    if (opened.kind === 'folder') return
    await opened.file.close()
  }

  /** For the end of the session. */
  async closeAll(): Promise<void> {
    const files = [...this.#open.values()].flatMap((opened) =>
      opened.kind === 'file' ? [opened] : [],
    )
    this.#open.clear()
    for (const { file } of files) await file.close()
  }
}

const idOf = (handle: Buffer): number => (handle.length === 4 ? handle.readUInt32BE() : 0)
const unknownHandle = (): SftpError => new SftpError(statusCode.failure, 'Unknown handle')
