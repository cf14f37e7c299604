import { expect, it } from 'vitest'
import { readHostKeyAnswer } from '../../../main/machine/host-key/ask.ts'
import { generateKeyPair } from '../../../main/machine/ssh/keys.ts'

const key = generateKeyPair('').publicKey.split(' ').slice(0, 2).join(' ')

it.for([
  [`Welcome!\nnew=${key}\n`, { kind: 'made', key }],
  [`current=${key}\n`, { kind: 'replaced-before', key }],
  ['installed=yes\n', { kind: 'installed' }],
  ['cannot=root\n', { kind: 'cannot', because: 'its user may not act as root' }],
  // Words of the machine's own are not repeated, and no odd key is taken.
  ['cannot=\u001b[2J; rm -rf\n', { kind: 'cannot', because: 'it does not say why' }],
  [
    'new=ssh-rsa AAAA\nnew=\n',
    { kind: 'cannot', because: 'it does not answer like a machine with OpenSSH' },
  ],
] as const)('reads %j', ([stdout, answer]) => {
  expect(readHostKeyAnswer(stdout)).toEqual(answer)
})
