import ssh2 from 'ssh2'
import { expect, it } from 'vitest'
import { generateKeyPair } from '../../../main/machine/ssh/keys.ts'

it('makes pairs that can be read back: ssh2 spoils one in 256', () => {
  for (let made = 0; made < 800; made += 1) {
    const { privateKey, publicKey } = generateKeyPair('sublet-test')
    const parsed = ssh2.utils.parseKey(privateKey)
    if (parsed instanceof Error) throw parsed
    expect(`${parsed.type} ${parsed.getPublicSSH().toString('base64')} sublet-test`).toBe(publicKey)
  }
})
