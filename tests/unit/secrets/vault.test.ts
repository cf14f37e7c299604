import { beforeEach, describe, expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { keychainStore } from '../../../main/secrets/keychain.ts'
import { openVault } from '../../../main/secrets/open-vault.ts'
import { sessionStore } from '../../../main/secrets/session-store.ts'
import type { PasswordStore, VaultNames } from '../../../main/secrets/vault.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { vaultNames } from '../../../main/store/vault-names.ts'

const now = () => 1_000
const broken: PasswordStore = {
  get: () => Promise.reject(new SubletError('keychain', 'The keychain is locked.')),
  set: () => Promise.reject(new SubletError('keychain', 'The keychain is locked.')),
  delete: () => Promise.reject(new SubletError('keychain', 'The keychain is locked.')),
}

let names: VaultNames
beforeEach(() => {
  names = vaultNames(openDatabase(':memory:'))
})

describe('the vault', () => {
  it('keeps secrets in a keychain that works, and their names in the database', async () => {
    const memory = sessionStore(now)
    const vault = await openVault({ names, now, keychain: () => memory })
    expect(vault.state.kind).toBe('keychain')
    await vault.setPassword('sublet/secret', 'HF_TOKEN', 'value')
    await expect(vault.getPassword('sublet/secret', 'HF_TOKEN')).resolves.toBe('value')
    expect(vault.names('sublet/secret')).toEqual([
      { account: 'HF_TOKEN', setAt: 1_000, keptIn: 'keychain' },
    ])
    expect(memory.list('sublet/probe')).toEqual([])
    await expect(vault.deletePassword('sublet/secret', 'HF_TOKEN')).resolves.toBe(true)
    await expect(vault.deletePassword('sublet/secret', 'HF_TOKEN')).resolves.toBe(false)
    expect(vault.names('sublet/secret')).toEqual([])
  })

  it('falls back to this session with a sentence, and says what is out of reach', async () => {
    names.record('sublet/secret', 'OLD', 5)
    const vault = await openVault({ names, now, keychain: () => broken })
    expect(vault.state).toMatchObject({
      kind: 'session',
      sentence: expect.stringMatching(/memory only.*The keychain is locked/),
    })
    await vault.setPassword('sublet/secret', 'NEW', 'value')
    await expect(vault.getPassword('sublet/secret', 'NEW')).resolves.toBe('value')
    await expect(vault.getPassword('sublet/secret', 'NEVER')).resolves.toBeNull()
    await expect(vault.getPassword('sublet/secret', 'OLD')).rejects.toMatchObject({
      code: 'keychain',
    })
    expect(vault.names('sublet/secret')).toEqual([
      { account: 'NEW', setAt: 1_000, keptIn: 'session' },
      { account: 'OLD', setAt: 5, keptIn: 'keychain' },
    ])
    expect(names.list('sublet/secret')).toEqual([{ account: 'OLD', setAt: 5 }])
  })

  it('refuses a value that a keychain entry cannot hold', async () => {
    await expect(
      keychainStore(1_000).set('sublet/x', 'KEY', 'x'.repeat(1_281)),
    ).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/1281 characters; .* at most 1280/),
    })
  })
})
