import { good } from './path-tricks.ts'
import { endless } from './said.ts'
import type { AskedRead, Trick, Tricks } from './trick.ts'
import { memberOf, tarEnd } from './virtual-tree.ts'

const eof = 1
const bigBytes = 3 * 1024 * 1024

/** A listed size (as text) for a file that really holds four bytes. */
function sized(size: string, more: Partial<Trick> = {}): Trick {
  return { entries: [{ path: 'liar', content: 'four', size }, good], ...more }
}

/** Numbers that are none: such an entry must not cost the others. */
const nonsense: Partial<Trick> = { comes: ['good'], ends: 'done', says: /makes no sense/ }

export const sizeTricks: Tricks = {
  'size-smaller': sized('2', { comes: ['good'] }),
  'size-larger': sized('9', { comes: ['good'] }),
  'size-larger-by-sftp': sized(String(bigBytes), { comes: ['good'] }),
  'size-petabyte': sized('1125899906842624', { ends: 'refused', says: /GB are free/, seed: true }),
  'size-negative': sized('-1', { ...nonsense, seed: true }),
  'size-negative-hides-petabyte': {
    entries: [
      { path: 'minus', content: 'x', size: '-1125899906842624' },
      { path: 'plus', content: 'x', size: '1125899906842624' },
      good,
    ],
    ends: 'refused',
    says: /GB are free/,
  },
  'size-nan': sized('NaN', nonsense),
  'size-empty': sized('', nonsense),
  'size-exponent': sized('1e999', nonsense),
  'size-30-digits': sized('9'.repeat(30), nonsense),
  'size-hex': sized('0x10', nonsense),
  'size-fraction': sized('1.5', nonsense),
  'mtime-negative': {
    entries: [{ path: 'old', content: 'x', mtime: '-62135596800' }, good],
    comes: ['good', 'old'],
    ends: 'done',
  },
  'mtime-nan': { entries: [{ path: 'liar', content: 'x', mtime: 'NaN' }, good], ...nonsense },
  'mtime-far': {
    entries: [{ path: 'far', content: 'x', mtime: '99999999999999' }, good],
    comes: ['good'],
    ends: 'done',
  },
  'mtime-30-digits': {
    entries: [{ path: 'liar', content: 'x', mtime: '9'.repeat(30) }, good],
    ...nonsense,
  },
  'mode-garbage': { entries: [{ path: 'liar', content: 'x', mode: 'zz' }, good], ...nonsense },
  'mode-setuid': {
    entries: [{ path: 'setuid', content: 'x', mode: '8fff' }, good],
    comes: ['good', 'setuid'],
    ends: 'done',
  },
  'mode-nothing': {
    entries: [{ path: 'closed', content: 'x', mode: '8000' }, good],
    comes: ['good', 'closed'],
    ends: 'done',
  },
  'folder-without-rights': {
    entries: [{ path: 'closed', mode: '4000' }, { path: 'closed/in', content: 'x' }, good],
    comes: ['good'],
    ends: 'done',
  },
  'content-changes': {
    entries: [{ path: 'moving', content: 'x' }, good],
    tar: () =>
      Buffer.concat([memberOf({ path: 'moving', content: String(Date.now() % 10) }), tarEnd]),
    says: /kept changing/,
  },
  'stat-changes': {
    entries: [{ path: 'moving', content: 'x' }, good],
    stats: (asked) =>
      Buffer.from(asked.map((path) => `81a4 1 ${performance.now() | 0} 1 ./${path}//\n`).join('')),
    says: /kept changing/,
  },
  'stat-garbage': {
    entries: [good],
    stats: () => Buffer.from('\u001b[2J garbage // \n // \n \xff'),
  },
  'stat-endless': {
    entries: [good],
    stats: () => endless(Buffer.alloc(65_536, 'x')),
    ends: 'refused',
    says: /more than/,
    seed: true,
  },
  'hash-lies': {
    entries: [good],
    hashes: () => Buffer.from(`${'0'.repeat(64)} *./good\n`),
    says: /kept changing/,
    seed: true,
  },
  'hash-garbage': {
    entries: [good],
    hashes: () => Buffer.from('\u001b]0;evil\u0007'),
    says: /kept changing/,
  },
  'hash-endless': {
    entries: [good],
    hashes: () => endless(Buffer.alloc(65_536, 'x')),
    ends: 'refused',
    says: /more than/,
  },
  'hash-endless-lines': {
    entries: [good],
    hashes: () => endless(Buffer.from(`${'a'.repeat(64)} *./x\n`.repeat(900))),
    ends: 'refused',
    says: /more than/,
  },
}

/** A file large enough to travel by SFTP, whose reads are answered by the trick. */
function read(answer: (asked: AskedRead) => void, more: Partial<Trick> = {}): Trick {
  return {
    entries: [{ path: 'big', content: 'x', size: String(bigBytes) }, good],
    read: (asked) => {
      answer(asked)
      return true
    },
    ...more,
  }
}

/** Writes bytes of the trick's own into the SFTP channel. */
function raw({ sftp }: AskedRead, bytes: Buffer): void {
  const { _protocol: protocol, outgoing } = sftp as unknown as {
    readonly _protocol: { channelData(id: number, bytes: Buffer): void }
    readonly outgoing: { readonly id: number }
  }
  protocol.channelData(outgoing.id, bytes)
}

export const sftpTricks: Tricks = {
  'read-more-than-asked': read(
    ({ sftp, id, length }) => sftp.data(id, Buffer.alloc(length + 999)),
    {
      seed: true,
    },
  ),
  'read-one-byte-each': read(({ sftp, id }) => sftp.data(id, Buffer.from('x')), {
    patienceMs: 4_000,
    waits: true,
  }),
  'read-empty': read(({ sftp, id }) => sftp.data(id, Buffer.alloc(0)), { comes: ['good'] }),
  'read-ends-early': read(({ sftp, id }) => sftp.status(id, eof), { comes: ['good'] }),
  'read-refused': read(({ sftp, id }) => sftp.status(id, 3, 'no'), {}),
  'read-fails-in-colour': read(
    ({ sftp, id }) =>
      sftp.status(id, 4, `\u001b]0;evil\u0007\u001b[2J\nline\u202e${'x'.repeat(20_000)}`),
    { ends: 'refused', seed: true },
  ),
  'read-other-status': read(({ sftp, id }) => sftp.status(id, 99, 'what')),
  'read-ok-status': read(({ sftp, id }) => sftp.status(id, 0), { patienceMs: 5_000 }),
  'read-wrong-id': read(({ sftp, id }) => sftp.data(id + 12_345, Buffer.from('x')), {
    patienceMs: 3_000,
    waits: true,
  }),
  'read-answers-twice': read(({ sftp, id, length }) => {
    sftp.data(id, Buffer.alloc(length))
    sftp.data(id, Buffer.alloc(length))
  }),
  'read-huge-packet': read((asked) => raw(asked, Buffer.from([0xff, 0xff, 0xff, 0xff, 103])), {
    ends: 'refused',
    seed: true,
  }),
  'read-garbage': read((asked) => raw(asked, Buffer.alloc(4_096, 0x5a)), { ends: 'refused' }),
  'read-zero-packet': read((asked) => raw(asked, Buffer.alloc(64)), { ends: 'refused' }),
  'read-never': read(() => undefined, { patienceMs: 1_500, waits: true, seed: true }),
  'open-other-kind': read(({ sftp, id }) => sftp.name(id, [])),
  'read-attrs': read(({ sftp, id }) => sftp.attrs(id, {} as never)),
}
