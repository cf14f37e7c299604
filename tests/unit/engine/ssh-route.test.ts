import { expect, test } from 'vitest'
import { sshRoute } from '../../../main/engine/services/ssh-route.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import type { Journal } from '../../../main/jobs/journal/journal.ts'
import { jobId, rentalId } from '../../support/runner-rig.ts'

function routeTo(host: string, user: string) {
  const journal = {
    job: () => ({ spec: { code: null, data: [] }, attempts: [{ id: 'a1', rentalId }] }),
    rental: () => ({ id: rentalId, phase: 'up', ssh: { host, user, port: 22, hostKeys: [] } }),
  } as unknown as Journal
  return sshRoute({ journal, paths: new HomePaths('/home/sublet') }, jobId)
}

test.each([
  ['10.0.0.1', 'root'],
  ['fe80::1%eth0', 'ubuntu'],
  ['ssh5.vast-1_a.example', 'CORP\\ada.l'],
])('%s and %s are names', (host, user) => {
  expect(routeTo(host, user)).toMatchObject({ host, user })
})

test.each([
  ['10.0.0.1\nHost *\n  ProxyCommand touch x', 'root'],
  ['-oProxyCommand=touch', 'root'],
  ['10.0.0.1;touch x', 'root'],
  ['10.0.0.1', '-oProxyCommand=touch'],
  ['10.0.0.1', 'root"\nProxyCommand touch x'],
  ['10.0.0.1', '$(touch x)'],
  ['', 'root'],
])('%j with %j reaches neither a command nor a configuration', (host, user) => {
  expect(() => routeTo(host, user)).toThrow(/is none that ssh is given/)
})
