import { good } from './path-tricks.ts'
import { drip, endless, push, type SaidKind } from './said.ts'
import type { Deed, Trick, Tricks } from './trick.ts'

type Bytes = Buffer | Iterable<Buffer> | AsyncIterable<Buffer>

/** Answers one kind of command with bytes of the trick's own. */
function says(kind: SaidKind, bytes: () => Bytes, more: Partial<Trick> = {}, code = 0): Trick {
  return {
    deed: kind as Deed,
    answer: (asked) => {
      if (asked.kind !== kind) return false
      asked.channel.resume()
      void push(asked.channel, bytes()).then(() => asked.finish(code))
      return true
    },
    ...more,
  }
}

const text = (value: string) => (): Buffer => Buffer.from(value)
const senseless = { ends: 'refused', says: /makes no sense|failed/ } as const
const flood = { ends: 'refused', says: /more than/ } as const

function status(fields: Readonly<Record<string, string>>): () => Buffer {
  const honest = {
    state: 'exited',
    phase: 'running',
    exitCode: '0',
    signal: '',
    logBytes: '0',
    metricsBytes: '0',
    startedS: '1700000000',
    endedS: '1700000001',
    mainPid: '42',
    collected: 'no',
    nowS: '1700000002',
  }
  const lines = Object.entries({ ...honest, ...fields }).map(([key, value]) => `${key}=${value}\n`)
  return text(lines.join(''))
}

const esc = '\u001b]0;evil\u0007\u001b[2J\u202e'

export const answerTricks: Tricks = {
  'status-exit-99999999999': says('status', status({ exitCode: '99999999999' }), {
    ...senseless,
    seed: true,
  }),
  'status-exit-negative': says('status', status({ exitCode: '-1' }), senseless),
  'status-signal-huge': says('status', status({ signal: '123456789' }), senseless),
  'status-exit-escape': says('status', status({ exitCode: esc }), senseless),
  'status-nan': says('status', status({ startedS: 'NaN' }), senseless),
  'status-infinity': says('status', status({ nowS: 'Infinity' }), senseless),
  'status-state-unknown': says('status', status({ state: esc }), { ...senseless, seed: true }),
  'status-proto': says('status', text('__proto__=x\nconstructor=y\n'), senseless),
  'status-binary': says('status', () => Buffer.alloc(50_000, 0xfe), senseless),
  'status-empty': says('status', text(''), senseless),
  'status-long-field': says('status', status({ signal: '1'.repeat(60_000) }), senseless),
  'status-endless': says('status', () => endless(Buffer.alloc(65_536, 'x')), {
    ...flood,
    seed: true,
  }),
  'status-fails-in-colour': says('status', text(''), { ends: 'refused' }, 1),
  'status-complains-without-end': {
    deed: 'status',
    answer: ({ kind, channel }) => {
      if (kind !== 'status') return false
      void push(channel.stderr, endless(Buffer.from(esc.repeat(1_000))))
      return true
    },
    ...flood,
  },
  'status-never': says('status', () => drip(Buffer.from('state=run'), 60_000), {
    waits: true,
    patienceMs: 1_000,
  }),
  'lease-garbage': says('lease', text(`remainingS=${esc}\n`), senseless),
  'lease-huge': says(
    'lease',
    text('remainingS=9999999999999999999\nafterExitS=0\nidleS=0\ngraceS=0\n'),
    senseless,
  ),
  'lease-endless': says('lease', () => endless(Buffer.from('remainingS=1\n'.repeat(999))), flood),
  'probe-100-mb': says(
    'probe',
    () => Array.from({ length: 1_600 }, () => Buffer.alloc(65_536, 'x')),
    {
      ...flood,
      seed: true,
    },
  ),
  'probe-endless-lines': says(
    'probe',
    () => endless(Buffer.from('tool=x\ngpu=0, A, 1, 1\n'.repeat(900))),
    flood,
  ),
  'probe-garbage': says('probe', () => Buffer.alloc(9_000, 0xfe), { ends: 'refused' }),
  'probe-long-fields': says(
    'probe',
    text(`os=${esc.repeat(9_000)}\narch=${'y'.repeat(90_000)}\ntorch=1.2${esc}\n`),
  ),
  'probe-lies': says(
    'probe',
    text(
      `os=Linux\narch=x86_64\ndiskFreeKib=999999999999999\nvcpus=-3\nmemoryKib=NaN\n${'gpu=0, H100, 99, 5\n'.repeat(9_999)}`,
    ),
    { ends: 'done' },
  ),
  'metrics-nan': says('metrics', text('NaN 1 2 3 4 5 6 7\n1700000000 NaN 1 1 1 1 1 1\n'), {
    ends: 'done',
  }),
  'metrics-huge-lines': says('metrics', () => endless(Buffer.alloc(65_536, '9')), {
    waits: true,
    patienceMs: 800,
    seed: true,
  }),
  'metrics-binary': says('metrics', () => endless(Buffer.alloc(65_536, 0xfe)), {
    waits: true,
    patienceMs: 2_000,
  }),
  'metrics-flood': says(
    'metrics',
    () => endless(Buffer.from('1700000000 1 1 1 1 1 1 1\n'.repeat(2_000))),
    { ends: 'done', says: /reached their limit/, seed: true },
  ),
  'metrics-flood-of-gpus': says(
    'metrics',
    () =>
      Array.from({ length: 20_000 }, (_, n) =>
        Buffer.from(`1700000000 1 1 1 1 1 1 1 ${n}:1:1:1:1:1\n`),
      ),
    { ends: 'done' },
  ),
  'metrics-huge-numbers': says(
    'metrics',
    text(`1700000000 ${'9'.repeat(18)} 1 1 1 1 1 1 0:1:1:1:1:1\n`.repeat(100)),
    { ends: 'done' },
  ),
  'log-without-newline': says('log', () => endless(Buffer.alloc(65_536, 'x')), {
    ends: 'done',
    says: /reached its limit of 8.4 MB/,
    seed: true,
  }),
  'log-never': says('log', () => drip(Buffer.from('x'), 60_000), {
    waits: true,
    patienceMs: 1_000,
  }),
  'exec-endless': {
    deed: 'exec',
    answer: ({ kind, channel }) => {
      if (kind !== 'other') return false
      void push(channel, endless(Buffer.alloc(65_536, 'x')))
      return true
    },
    ...flood,
  },
  'exec-no-exit-status': {
    deed: 'exec',
    answer: ({ kind, channel }) => {
      if (kind !== 'other') return false
      channel.end()
      return true
    },
    ends: 'refused',
  },
  'list-nothing': says('list', text(''), { ends: 'refused' }),
  'list-garbage': says('list', () => Buffer.alloc(70_000, 0xfe), { ends: 'refused' }),
  'list-endless-before-pong': says('list', () => endless(Buffer.alloc(65_536, 'x')), {
    ...flood,
    seed: true,
  }),
  'list-never': says('list', () => drip(Buffer.from('sublet-'), 60_000), {
    waits: true,
    patienceMs: 1_000,
  }),
  'list-endless': {
    deed: 'list',
    listing: endless(Buffer.alloc(65_536, 'x')),
    ...flood,
  },
  'list-facts-garbage': {
    deed: 'list',
    listing: Buffer.from(`listing NaN ${esc} 7 7 ok\n\0end`),
    ends: 'refused',
  },
  'list-complains-in-colour': {
    deed: 'list',
    entries: [good],
    answer: ({ kind, channel }) => {
      if (kind === 'list') {
        channel.stderr.write(`${esc}\rPermission denied ${'x'.repeat(60_000)}\n`.repeat(300))
      }
      return false
    },
  },
  'send-refused-in-colour': {
    deed: 'send',
    answer: ({ kind, channel, finish }) => {
      if (kind !== 'other') return false
      channel.resume()
      channel.stderr.write(`${esc}\n${'tar: '.repeat(50_000)}`)
      finish(2)
      return true
    },
    ends: 'refused',
    seed: true,
  },
  'send-never-read': {
    deed: 'send',
    answer: ({ kind }) => kind === 'other',
    waits: true,
    patienceMs: 1_500,
  },
}
