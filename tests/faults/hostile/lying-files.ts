import type { Attributes, SFTPWrapper } from 'ssh2'
import { bytesOf } from './virtual-tree.ts'
import type { Trick } from './trick.ts'

const status = { ok: 0, eof: 1, missing: 2 } as const

/** An SFTP server over the trick's files. Its reads may be lies of the trick's own. */
export function serveFiles(sftp: SFTPWrapper, trick: Trick): void {
  const open: (Buffer | null)[] = []
  sftp.on('error', () => undefined)
  sftp.on('OPEN', (id, name) => {
    const entry = trick.entries?.find(({ path }) => name.endsWith(`/${path}`))
    if (entry === undefined && trick.read === undefined) return sftp.status(id, status.missing)
    open.push(entry === undefined ? null : bytesOf(entry))
    sftp.handle(id, Buffer.from([open.length - 1]))
  })
  sftp.on('READ', (id, handle, offset, length) => {
    if (trick.read?.({ sftp, id, offset, length }) === true) return
    const bytes = open[handle[0] ?? 0]?.subarray(offset, offset + length)
    if (bytes === undefined || bytes.length === 0) return sftp.status(id, status.eof)
    sftp.data(id, bytes)
  })
  sftp.on('WRITE', (id) => sftp.status(id, status.ok))
  sftp.on('FSETSTAT', (id) => sftp.status(id, status.ok))
  sftp.on('FSTAT', (id) => sftp.attrs(id, {} as Attributes))
  sftp.on('CLOSE', (id) => sftp.status(id, status.ok))
}
