import ssh2 from 'ssh2'
import { describe, expect, it } from 'vitest'
import { injectedHostKey, newHostKey, publicKeyProblem } from '../../../sandbox-cloud/host-key.ts'

describe("the sandbox's host keys", () => {
  it('can always be read back, and sign what the public half verifies', () => {
    // Of ssh2's own pairs one in 256 is malformed: so many that a wrong encoder would show.
    for (let count = 0; count < 1500; count += 1) {
      const { privateKey, publicKey } = newHostKey()
      const secret = ssh2.utils.parseKey(privateKey)
      const open = ssh2.utils.parseKey(publicKey)
      if (secret instanceof Error || open instanceof Error) throw new Error('A key cannot be read.')
      expect(secret.getPublicSSH().equals(open.getPublicSSH())).toBe(true)
      const signature: unknown = secret.sign('text')
      if (!Buffer.isBuffer(signature)) throw new Error('The key cannot sign.')
      const verified: unknown = open.verify('text', signature)
      expect(verified).toBe(true)
    }
  })

  it('are taken from user data that brings one along', () => {
    const key = newHostKey()
    const indented = key.privateKey.replaceAll('\n', '\n      ')
    const userData = `#cloud-config\nssh_keys:\n  ed25519_private: |\n      ${indented}\n`
    expect(injectedHostKey(userData)).toEqual(key)
    expect(injectedHostKey('#!/bin/sh\necho none')).toBeNull()
    expect(injectedHostKey(null)).toBeNull()
  })

  it('refuse a public key that is none', () => {
    expect(publicKeyProblem(newHostKey().publicKey)).toBeNull()
    expect(publicKeyProblem('nonsense')).toBe('The public key cannot be read.')
  })
})
