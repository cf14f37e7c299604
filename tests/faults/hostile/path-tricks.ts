import { escapePath, type Trick, type Tricks } from './trick.ts'
import type { VirtualEntry } from './virtual-tree.ts'

/** What a lie must not keep from coming home. */
export const good: VirtualEntry = { path: 'good', content: 'good' }

const evil = 'written where it must not be'
const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

/** One evil name beside a good file. */
function named(path: string, more: Partial<Trick> = {}): Trick {
  return { entries: [{ path, content: evil }, good], comes: ['good'], ends: 'done', ...more }
}

const left = /is not a path inside the output folder/
const long = /too long/

export const pathTricks: Tricks = {
  'name-dotdot': named('../evil', { says: left, seed: true }),
  'name-two-up': named('../../evil', { says: left }),
  'name-dotdot-inside': named('a/../../evil', { says: left }),
  'name-absolute': named(escapePath, { says: left }),
  'name-double-slash': named('a//evil', { says: left }),
  'name-dot': named('a/./evil', { says: left }),
  'name-only-dotdot': named('..', { says: left }),
  'name-up-at-end': named('a/..', { says: left }),
  'name-nul': { entries: [{ path: 'nul\0evil', content: evil }, good] },
  'name-backslashes': named('..\\..\\evil'),
  'name-drive': named('C:\\evil'),
  'name-drive-relative': named('C:evil'),
  'name-unc': named('\\\\server\\share'),
  'name-stream': named('file:stream'),
  'name-device': named('NUL.txt'),
  'name-device-folder': named('CON/aux'),
  'name-trailing-dot': named('name.'),
  'name-trailing-space': named('name '),
  'name-space': named(' '),
  'name-dash': named('--checkpoint-action=exec=sh'),
  'name-command': named('$(touch evil)`touch evil`;touch evil'),
  'name-newline': named('line\nline'),
  'name-256-bytes': named('n'.repeat(256), { says: long, seed: true }),
  'name-65536-bytes': named('n'.repeat(65_536), { says: long }),
  'name-long-in-folder': named(`folder/${'n'.repeat(300)}`, { says: long }),
  'folders-4000-deep': named(`${'d/'.repeat(4_000)}end`, { says: long, seed: true }),
  'folders-200000-deep': named(`${'d/'.repeat(200_000)}end`, { says: long }),
  'name-case': {
    entries: [{ path: 'Loss', content: 'one' }, { path: 'loss', content: 'two' }, good],
    comes: ['good', 'Loss', 'loss'],
    ends: 'done',
  },
  'name-accents': {
    entries: [
      { path: utf8('caf\u00e9'), content: 'one' },
      { path: utf8('cafe\u0301'), content: 'two' },
      good,
    ],
    comes: ['good', 'caf\u00e9', 'cafe\u0301'],
    ends: 'done',
  },
  'name-escape-refused': named('../\u001b]0;evil\u0007\u001b[2J', { says: left, seed: true }),
  'name-bidi-refused': named(utf8('../\u202egnp.exe'), { says: left, seed: true }),
  'name-lines-refused': named('../one\ntwo\rthree', { says: left }),
  'name-separator-refused': named(utf8('../one\u2028two\u2029three'), { says: left }),
  'name-c1-refused': named(utf8('../\u009b2J'), { says: left }),
  'name-raw-bytes-refused': named('../\xff\xfe\x9b', { says: left }),
  'name-not-utf8': named('\xff\xfe'),
  'our-partial-folder': named('.sublet-partial/evil', { says: left, seed: true }),
  'our-partial-folder-case': named('.Sublet-Partial/evil', { says: left }),
  'our-partial-as-link': {
    entries: [{ path: '.sublet-partial', target: '..' }, good],
    comes: ['good'],
    says: left,
    ends: 'done',
  },
  'same-name-twice': {
    entries: [{ path: 'twice', content: 'one' }, { path: 'twice', content: 'two' }, good],
    comes: ['good', 'twice'],
  },
  'file-and-folder': {
    entries: [{ path: 'both', content: 'one' }, { path: 'both/in', content: 'two' }, good],
    comes: ['good'],
  },
  device: named('device', { entries: [{ path: 'device', mode: '2180' }, good], says: /device/ }),
  pipe: named('pipe', { entries: [{ path: 'pipe', mode: '1180' }, good], says: /pipe/ }),
  'entries-100000': {
    entries: Array.from({ length: 100_000 }, (_, n) => ({ path: `../evil-${n}`, content: '' })),
    says: left,
    patienceMs: 120_000,
    ends: 'done',
  },
  'folders-100000': {
    entries: Array.from({ length: 100_000 }, (_, n) => ({ path: `f${n}`, mode: '41ed' })),
    patienceMs: 300_000,
  },
}

const out = /leads out of the folder/

function linked(links: Readonly<Record<string, string>>, more: Partial<Trick> = {}): Trick {
  const entries = Object.entries(links).map(([path, target]) => ({ path, target }))
  return { entries: [...entries, good], comes: ['good'], ends: 'done', ...more }
}

export const linkTricks: Tricks = {
  'link-up': linked({ link: '..' }, { says: out, seed: true }),
  'link-absolute': linked({ link: '/etc/passwd' }, { says: out }),
  'link-up-through-name': linked({ link: 'a/../../evil' }, { says: out }),
  'link-over-link': linked({ 'a/one': '..', two: 'a/one/..' }, { says: out }),
  'link-empty': linked({ link: '' }, { says: out }),
  'link-loop': linked({ link: 'link' }),
  'link-pair': linked({ one: 'two', two: 'one' }),
  'link-long-target': linked({ link: 't'.repeat(100_000) }, { says: long, seed: true }),
  'link-long-name': linked({ ['l'.repeat(300)]: 'good' }, { says: long }),
  'link-escapes': linked({ link: '../\u001b]0;evil\u0007\nline' }, { says: out }),
  'link-then-file-below': {
    entries: [{ path: 'link', target: '..' }, { path: 'link/evil', content: evil }, good],
    comes: ['good'],
  },
  'link-inside-then-file-below': {
    entries: [
      { path: 'folder', mode: '41ed' },
      { path: 'link', target: 'folder' },
      { path: 'link/file', content: 'x' },
      good,
    ],
    comes: ['good'],
  },
  'link-became-file': {
    entries: [{ path: 'file', content: 'listed as a file' }, good],
    stats: () => Buffer.from('a1ff 16 1700000000 1700000000 ./file//\n'),
  },
}
