/** Fixed answers about accounts, hosts and machines, for tests of clients. */

export const keychain = {
  kind: 'session' as const,
  sentence: 'There is no keychain here: it is kept until the engine ends.',
}
export const account = {
  id: 'cloud:mine',
  providerId: 'cloud',
  name: 'mine',
  simulated: false,
  secretsIn: 'keychain' as const,
}
export const accountStatus = {
  ok: true,
  identity: 'ada@example.org',
  message: 'The account works.',
  balanceMicros: 12_500_000,
}
export const providers = [
  { id: 'sandbox', name: 'Sandbox', simulated: true, fields: [] },
  {
    id: 'cloud',
    name: 'Cloud',
    simulated: false,
    fields: [
      {
        name: 'apiKey',
        label: 'API key',
        secret: true,
        help: 'Made in the settings.',
        link: null,
        environmentVariable: 'CLOUD_API_KEY',
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
