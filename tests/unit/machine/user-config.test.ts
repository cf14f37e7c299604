import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseAddress } from '../../../main/machine/ssh/address.ts'
import { resolveHost, type ResolvedHost } from '../../../main/machine/ssh/user-config.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sublet-config-'))
  mkdirSync(join(home, '.ssh'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function resolve(address: string, config?: string): ResolvedHost {
  if (config !== undefined) writeFileSync(join(home, '.ssh', 'config'), config)
  return resolveHost(address, { home, localUser: 'me' })
}

describe('addresses', () => {
  test.each([
    ['lab', { host: 'lab', user: null, port: null }],
    ['ada@lab', { host: 'lab', user: 'ada', port: null }],
    ['ada@lab.example.org:2222', { host: 'lab.example.org', user: 'ada', port: 2222 }],
    ['ada@[2001:db8::1]:2222', { host: '2001:db8::1', user: 'ada', port: 2222 }],
    ['[::1]', { host: '::1', user: null, port: null }],
    ['2001:db8::1', { host: '2001:db8::1', user: null, port: null }],
    ['ssh://ada@lab:22/', { host: 'lab', user: 'ada', port: 22 }],
    ['dom\\ada@lab', { host: 'lab', user: 'dom\\ada', port: null }],
  ])('%s', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected)
  })

  test.each([
    '',
    '@lab',
    'ada@',
    'lab:0',
    'lab:70000',
    'lab:x',
    'a b',
    '-oProxyCommand=x',
    '-x@lab',
  ])('refuses "%s"', (text) => {
    expect(() => parseAddress(text)).toThrow(/not a host address/)
  })
})

describe('the user’s ssh configuration', () => {
  test('none at all: what ssh would do', () => {
    const { target } = resolve('lab')
    expect(target).toEqual({ host: 'lab', port: 22, user: 'me', hostKeys: [], useAgent: true })
    writeFileSync(join(home, '.ssh', 'id_rsa'), '')
    expect(resolve('ada@lab:23').target).toMatchObject({
      identityFile: join(home, '.ssh', 'id_rsa'),
      user: 'ada',
      port: 23,
    })
  })

  test('an alias with tokens, case and quotes, under Host * defaults', () => {
    const { target } = resolve(
      'lab',
      `HOST lab lab2\n\thostname=%h.example.org\n  Port 2222\n  IdentityFile "%d/my keys/%r"\n` +
        `  IdentityAgent ~/agent.sock\nHost *\n  User ada\n  Port 22\n  ForwardAgent yes\n`,
    )
    expect(target).toEqual({
      host: 'lab.example.org',
      port: 2222,
      user: 'ada',
      hostKeys: [],
      identityFile: join(home, 'my keys', 'ada'),
      useAgent: true,
      agentSocket: join(home, 'agent.sock'),
    })
    expect(resolve('bob@lab:99').target).toMatchObject({ user: 'bob', port: 99 })
  })

  test('jumps: several, through aliases with jumps of their own', () => {
    const { target } = resolve(
      'gpu',
      `Host gpu\n  ProxyJump login,ada@inner:2200\nHost login\n  HostName login.example.org\n` +
        `  User bob\n  ProxyJump outer.example.org\nHost none\n  ProxyJump none\n`,
    )
    expect(target.jumps?.map(({ host, port, user }) => `${user}@${host}:${port}`)).toEqual([
      'me@outer.example.org:22',
      'bob@login.example.org:22',
      'ada@inner:2200',
    ])
    expect(resolve('none').target.jumps).toBeUndefined()
    expect(() => resolve('a', 'Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n')).toThrow(/circle/)
  })

  test('the first key file that exists is taken', () => {
    const key = join(home, '.ssh', 'second')
    writeFileSync(key, '')
    const config = `Host lab\n  IdentityFile ~/.ssh/first\n  IdentityFile ~/.ssh/second\n`
    expect(resolve('lab', config).target.identityFile).toBe(key)
  })

  test('included files count, Match runs nothing and is noted', () => {
    mkdirSync(join(home, '.ssh', 'conf.d'))
    writeFileSync(join(home, '.ssh', 'conf.d', 'lab'), 'Host lab\n  HostName 10.0.0.1\n')
    const marker = join(home, 'ran')
    const { target, notes } = resolve(
      'lab',
      `Include conf.d/*\nPort 24\nMatch host lab exec "touch ${marker}"\n  User evil\n`,
    )
    expect(target).toMatchObject({ host: '10.0.0.1', port: 24, user: 'me' })
    expect(notes).toHaveLength(1)
    expect(() => rmSync(marker)).toThrow()
  })

  test('what cannot work says so', () => {
    expect(() => resolve('lab', 'Host lab\n  ProxyCommand nc %h %p\n')).toThrow(/ProxyJump/)
    expect(() => resolve('lab', 'Host lab\n  Port x\n')).toThrow(/Port of lab/)
    expect(() => resolve('lab', 'Include config\n')).toThrow(/circle/)
    expect(() => resolve('lab', 'Host "lab\n  Port 3\n')).toThrow(/cannot be used/)
    expect(resolve('other', 'Match\n=\n \u0000 x\n').target.host).toBe('other')
  })
})
