import { gzipSync } from 'node:zlib'
import { good } from './path-tricks.ts'
import { drip, endless } from './said.ts'
import { escapePath, type Trick, type Tricks } from './trick.ts'
import { listingOf, memberOf, paxBody, rawMember, tarEnd, tarOf } from './virtual-tree.ts'

const asked = { path: 'asked', content: 'four' }
const evil = Buffer.from('evil')

/** A tar stream that ends with what was asked for, unless it never ends. */
function packed(parts: readonly Buffer[], more: Partial<Trick> = {}): Trick {
  return {
    entries: [asked, good],
    tar: () => Buffer.concat([...parts, memberOf(asked), memberOf(good), tarEnd]),
    comes: ['asked', 'good'],
    ...more,
  }
}

function withoutEnd(tar: () => Iterable<Buffer>): Trick {
  return { entries: [asked, good], tar, ends: 'refused', says: /more than|no tar|cannot be read/ }
}

export const streamTricks: Tricks = {
  'tar-dotdot': packed([memberOf({ path: '../evil', content: evil })], { seed: true }),
  'tar-absolute': packed([rawMember('0', escapePath, evil)]),
  'tar-link-then-through': packed([
    memberOf({ path: 'x', target: '..' }),
    memberOf({ path: 'x/evil', content: evil }),
  ]),
  'tar-link-as-asked': packed([memberOf({ path: 'asked', target: '/etc/passwd' })]),
  'tar-pax-path': packed([
    rawMember('x', 'pax', paxBody({ path: '../evil' })),
    rawMember('0', 'asked', evil),
  ]),
  'tar-pax-size': packed(
    [rawMember('x', 'pax', paxBody({ size: '9007199254740993' })), rawMember('0', 'asked', evil)],
    { comes: [] },
  ),
  'tar-pax-negative-size': packed(
    [rawMember('x', 'pax', paxBody({ size: '-4' })), rawMember('0', 'asked', evil)],
    { comes: [] },
  ),
  'tar-pax-proto': packed([
    rawMember('x', 'pax', paxBody({ ['__proto__']: 'x', constructor: 'y', path: '__proto__' })),
    rawMember('0', 'asked', evil),
  ]),
  'tar-pax-garbage': packed([rawMember('x', 'pax', Buffer.from('999999999 path'))], { comes: [] }),
  'tar-pax-global': packed([rawMember('g', 'pax', paxBody({ path: 'asked', size: '4' }))], {
    comes: [],
  }),
  'tar-pax-too-long': packed([rawMember('x', 'pax', Buffer.alloc(5 * 2 ** 20))], {
    comes: [],
    ends: 'refused',
  }),
  'tar-pax-claims-8-gib': withoutEnd(function* () {
    yield rawMember('x', 'pax', Buffer.alloc(0), { size: 8 * 2 ** 30 - 1 })
    yield* endless(Buffer.alloc(65_536))
  }),
  'tar-long-name': packed([rawMember('L', '././@LongLink', Buffer.alloc(2 ** 20, 'n'))], {
    comes: [],
  }),
  'tar-size-overflow': packed(
    [
      (() => {
        const member = rawMember('0', 'asked', evil)
        member.fill(0xff, 124, 136)
        return member
      })(),
    ],
    { comes: [] },
  ),
  'tar-duplicates': packed([memberOf({ path: 'asked', content: 'evil' })], { seed: true }),
  'tar-hard-link-out': packed([
    rawMember('1', 'asked', Buffer.alloc(0), { target: '/etc/passwd' }),
  ]),
  'tar-hard-link-other': packed([rawMember('1', 'asked', Buffer.alloc(0), { target: 'good' })]),
  'tar-device': packed([rawMember('3', 'asked', Buffer.alloc(0))]),
  'tar-pipe': packed([rawMember('6', 'asked', Buffer.alloc(0))]),
  'tar-sparse': packed([rawMember('S', 'asked', evil)]),
  'tar-folder-as-asked': packed([rawMember('5', 'asked', Buffer.alloc(0))]),
  'tar-unasked-50-mib': packed(
    [memberOf({ path: 'not asked', content: Buffer.alloc(50 * 2 ** 20) })],
    {
      comes: [],
    },
  ),
  'tar-garbage': {
    entries: [asked, good],
    tar: () => Buffer.alloc(100_000, 0x5a),
    ends: 'refused',
  },
  'tar-nothing': { entries: [asked, good], tar: () => Buffer.alloc(0), says: /kept changing/ },
  'tar-cut': { entries: [asked, good], tar: () => tarOf([asked]).subarray(0, 514) },
  'tar-many-headers-without-end': withoutEnd(() =>
    endless(Buffer.concat(Array(100).fill(memberOf({ path: 'extra', content: '' })))),
  ),
  'tar-long-names-without-end': withoutEnd(() =>
    endless(rawMember('L', '././@LongLink', Buffer.alloc(65_536, 'n'))),
  ),
  'tar-zeros-without-end': { ...withoutEnd(() => endless(Buffer.alloc(65_536))), seed: true },
  'tar-one-member-without-end': withoutEnd(function* () {
    yield rawMember('0', 'extra', Buffer.alloc(0), { size: 8 * 2 ** 30 - 1 })
    yield* endless(Buffer.alloc(65_536, 'x'))
  }),
  'tar-same-member-without-end': withoutEnd(() => endless(memberOf(asked))),
  'tar-never': {
    entries: [asked],
    tar: () => drip(Buffer.alloc(512), 60_000),
    waits: true,
    patienceMs: 1_500,
  },
  'tar-then-silence': {
    entries: [asked],
    tar: async function* () {
      yield tarOf([asked])
      yield* drip(Buffer.alloc(512), 60_000)
    },
    waits: true,
    patienceMs: 1_500,
  },
  'gzip-bomb': {
    entries: [asked, good],
    answer: ({ kind, channel }) => {
      if (kind !== 'list') return false
      channel.write('sublet-ping\n')
      // A long way, so that the engine asks for gzip.
      channel.once('data', () =>
        setTimeout(() => {
          channel.write('sublet-pong\n')
          channel.write(
            listingOf([asked, good]).toString('latin1').replace(' 0 0 ok', ' 0 1 ok'),
            'latin1',
          )
          channel.exit(0)
          channel.end()
        }, 60),
      )
      return true
    },
    tar: () => [gzipSync(Buffer.alloc(600 * 2 ** 20))],
    ends: 'refused',
    says: /more than|no tar/,
  },
  'gzip-garbage': {
    entries: [asked],
    answer: ({ kind, command, channel, finish }) => {
      if (kind !== 'tar' || !command.includes('gzip')) return false
      channel.write('not gzip')
      finish()
      return true
    },
  },
}
