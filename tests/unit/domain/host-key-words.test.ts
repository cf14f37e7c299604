import { expect, it } from 'vitest'
import { hostKeySentence, hostKeyWarnings } from '../../../main/domain/host-key-words.ts'
import type { HostKey } from '../../../preload/contract/rental.ts'

const hostKey = (from: HostKey['from'], keptBecause: string | null = null): HostKey => ({
  from,
  fingerprint: 'SHA256:x',
  keptBecause,
})

it('says which host key it is, and warns of one that others may have', () => {
  const all = [
    hostKey('published'),
    hostKey('confirmed'),
    hostKey('first-use'),
    hostKey('injected'),
    hostKey('injected', 'its user may not act as root'),
  ]
  expect(all.map(hostKeySentence)).toEqual([
    'Host key: SHA256:x, published by the provider.',
    'Host key: SHA256:x, confirmed by you.',
    'Host key: SHA256:x, trusted when it was first seen, because the provider does not publish it.',
    'Host key: SHA256:x, made by the machine in place of the one sent along with the launch.',
    'Host key: SHA256:x, sent along with the launch.',
  ])
  expect(all.flatMap(hostKeyWarnings)).toEqual([
    "The host key that came with the launch was not replaced: its user may not act as root. Whoever can read the machine's user data could pass for this machine.",
  ])
})
