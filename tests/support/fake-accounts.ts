/** Fixed answers about accounts, hosts and machines, for tests of clients. */

export const keychain = {
  kind: 'session' as const,
  sentence: 'There is no keychain here: it is kept until the engine ends.',
}
export const stop = {
  stopsByItself: true,
  levels: [
    { level: 'provider' as const, holds: true, because: 'The provider ends it.' },
    { level: 'machine' as const, holds: false, because: 'It has no command for it.' },
    { level: 'client' as const, holds: true, because: 'This computer ends it.' },
  ],
}
export const account = {
  id: 'cloud:mine',
  providerId: 'cloud',
  name: 'mine',
  simulated: false,
  secretsIn: 'keychain' as const,
  lastCheck: null,
  stop,
}
export const accountStatus = {
  ok: true,
  identity: 'ada@example.org',
  message: 'The account works.',
  balanceMicros: 12_500_000,
}
export const providers = [
  { id: 'sandbox', name: 'Sandbox', simulated: true, consoleLink: null, fields: [] },
  {
    id: 'cloud',
    name: 'Cloud',
    simulated: false,
    consoleLink: 'https://cloud.example/console',
    fields: [
      {
        name: 'apiKey',
        label: 'API key',
        secret: true,
        help: 'Made in the settings.',
        pattern: null,
        placeholder: null,
        link: null,
        environmentVariable: 'CLOUD_API_KEY',
      },
    ],
  },
  {
    id: 'roles',
    name: 'Cloud of roles',
    simulated: false,
    consoleLink: null,
    leastPolicy: '{ "Version": "2012-10-17" }',
    fields: [
      {
        name: 'secretKey',
        label: 'Secret key',
        secret: true,
        optional: true as const,
        help: 'Or a profile.',
        pattern: null,
        placeholder: null,
        link: null,
        environmentVariable: 'ROLE_SECRET_KEY',
      },
      {
        name: 'profile',
        label: 'Profile',
        secret: false,
        optional: true as const,
        help: 'Or a key.',
        pattern: null,
        placeholder: null,
        link: null,
        environmentVariable: 'ROLE_PROFILE',
      },
    ],
  },
]
export const host = {
  name: 'lab',
  address: '10.0.0.5',
  user: 'ada',
  port: 2_222,
  keyFile: null,
  rateMicrosPerHour: 400_000,
  fingerprints: ['SHA256:abc'],
  accountId: 'host-lab',
  target: 'ada@10.0.0.5:2222',
  lastCheck: null,
  stop,
}
export const scan = {
  address: '10.0.0.5',
  user: 'ada',
  port: 2_222,
  keys: [{ key: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:abc' }],
}
export const ssh = {
  host: '127.0.0.1',
  port: 2_222,
  user: 'ada',
  identityFile: '/home/fake/keys/one',
  knownHostsFile: '/home/fake/known hosts',
  jumps: [],
  workDir: '/home/ada/.sublet/attempts/one/work',
}
export const source = {
  providerId: 'sandbox',
  accountId: 'sandbox',
  ok: true,
  sentence: 'Fine.',
  dropped: 0,
}
