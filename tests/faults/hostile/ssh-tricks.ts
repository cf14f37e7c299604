import type { Connection } from 'ssh2'
import { endless, push } from './said.ts'
import { escapePath, type Trick, type Tricks } from './trick.ts'

/** ssh2's own half of a connection, for messages that its interface does not offer. */
interface Wire {
  ping(): void
  authBanner?(text: string): void
  channelOpenConfirm?(id: number): void
}
const wireOf = (connection: Connection): Wire =>
  (connection as unknown as { readonly _protocol: Wire })._protocol
const socketOf = (connection: Connection): { pause(): void; writableLength: number } =>
  (connection as unknown as { readonly _sock: { pause(): void; writableLength: number } })._sock

/** A running machine that pesters while the engine asks an honest question. */
function pesters(how: (connection: Connection) => void, more: Partial<Trick> = {}): Trick {
  return { deed: 'exec', connected: how, ends: 'done', ...more }
}

function often(times: number, what: (n: number) => void): void {
  for (let n = 0; n < times; n += 1) what(n)
}

export const sshTricks: Tricks = {
  'login-asks-passwords': {
    deed: 'connect',
    login: (context) => {
      if (context.method === 'keyboard-interactive') {
        return context.prompt([{ prompt: 'Your password at home: ', echo: false }], () =>
          context.reject(),
        )
      }
      context.reject(['keyboard-interactive', 'password'])
    },
    ends: 'refused',
    says: /refused the log-in/,
    seed: true,
  },
  'login-never-enough': {
    deed: 'connect',
    login: (context) => context.reject(['publickey'], true),
    ends: 'refused',
  },
  'login-silent': {
    deed: 'connect',
    login: () => undefined,
    ends: 'refused',
    says: /in time/,
  },
  'login-banners': {
    deed: 'connect',
    login: (context, connection) => {
      often(500, () => wireOf(connection).authBanner?.(`\u001b]0;evil\u0007${'x'.repeat(30_000)}`))
      context.accept()
    },
    ends: 'done',
  },
  'login-methods-in-colour': {
    deed: 'connect',
    login: (context) => context.reject(['\u001b]0;evil\u0007' as 'publickey']),
    ends: 'refused',
  },
  'forwards-to-us': pesters(
    (connection) =>
      often(10_000, (n) => connection.forwardOut('127.0.0.1', n, '127.0.0.1', 22, () => undefined)),
    { seed: true },
  ),
  'x11-to-us': pesters((connection) =>
    often(2_000, (n) => connection.x11('127.0.0.1', n, () => undefined)),
  ),
  'unix-sockets-to-us': pesters((connection) =>
    often(2_000, () =>
      connection.openssh_forwardOutStreamLocal('/run/user/0/bus', () => undefined),
    ),
  ),
  'pings-unread': pesters(
    (connection) => {
      // Answers are never read: they pile up on our side, unless the engine hangs up.
      socketOf(connection).pause()
      const more = (): void => {
        if (socketOf(connection).writableLength < 2 ** 20)
          often(5_000, () => wireOf(connection).ping())
        setTimeout(more, 1).unref()
      }
      more()
    },
    { waits: true, patienceMs: 6_000 },
  ),
  'rekeys-without-end': {
    deed: 'exec',
    connected: (connection) => {
      const again = (): void => connection.rekey(() => setTimeout(again, 1).unref())
      again()
    },
  },
  'opens-no-channel': {
    deed: 'connect',
    connected: (connection) => void connection.removeAllListeners('session'),
  },
  'answers-no-command': {
    deed: 'exec',
    answer: ({ kind }) => kind === 'other',
    waits: true,
    patienceMs: 1_500,
  },
  'home-relative': home('sublet-home=relative/../path\nsublet-shell=/bin/sh\n', 'refused'),
  'home-escape': home('sublet-home=/home/\u001b]0;evil\u0007\nsublet-shell=/bin/sh\n'),
  'home-none': home('welcome\n', 'refused'),
  'home-long': home(`sublet-home=/${'h'.repeat(200_000)}\nsublet-shell=x\n`),
  'shell-injection': home(`sublet-home=/home/x\nsublet-shell=/bin/sh; touch ${escapePath}\n`),
  'forward-floods': {
    deed: 'forward',
    forward: (accept) => void push(accept(), endless(Buffer.alloc(65_536, 'x'))),
    waits: true,
    patienceMs: 1_500,
  },
  'forward-refused': { deed: 'forward', ends: 'refused', says: /Nothing answers/ },
}

function home(answer: string, ends?: 'refused'): Trick {
  return {
    deed: 'connect',
    answer: ({ kind, channel, finish }) => {
      if (kind !== 'home') return false
      channel.write(`\n${answer}`)
      finish()
      return true
    },
    ...(ends === undefined ? {} : { ends }),
  }
}
