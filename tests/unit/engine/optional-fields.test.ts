import { expect, it } from 'vitest'
import { CredentialStore } from '../../../main/engine/credential-store.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'
import { awsProvider } from '../../../main/providers/aws/provider.ts'
import { ProviderRegistry } from '../../../main/providers/registry.ts'
import type { Vault } from '../../../main/secrets/vault.ts'

/** AWS has only optional fields: keys, or a profile. */
const account = { id: 'account-1', providerId: 'aws', name: 'mine', settings: {} }
const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'canary+0123456789abcdef' }
const environment = {
  AWS_ACCESS_KEY_ID: 'AKIASOMEBODYELSE0000',
  AWS_SECRET_ACCESS_KEY: 'other+0123456789abcdef',
}

function opened(variables: Readonly<Record<string, string>>) {
  const kept = new Map<string, string>()
  const vault: Vault = {
    state: { kind: 'keychain', sentence: '' },
    getPassword: async (_service, name) => kept.get(name) ?? null,
    setPassword: async (_service, name, value) => void kept.set(name, value),
    deletePassword: async (_service, name) => kept.delete(name),
    names: () => [...kept.keys()].map((name) => ({ account: name, setAt: 0, keptIn: 'keychain' })),
  }
  const registry = new ProviderRegistry([awsProvider()])
  return { kept, store: new CredentialStore(vault, registry, createRedactor(), () => variables) }
}

it('leaves optional fields empty, and keeps what was given', async () => {
  const { kept, store } = opened({})
  const complete = await store.complete(account, { ...keys, sessionToken: '', profile: '' })
  expect(complete).toEqual(keys)
  await store.write(account, complete)
  expect(Object.fromEntries(kept)).toEqual(keys)
  expect(await store.read(account)).toEqual(keys)
})

it('never puts keys of the environment beside a kept profile', async () => {
  const { store } = opened(environment)
  const complete = await store.complete(account, { profile: 'work' })
  expect(complete).toEqual({ profile: 'work' })
  await store.write(account, complete)
  expect(await store.read(account)).toEqual({ profile: 'work' })
})

it('drops an older session token when keys without one replace it', async () => {
  const { store } = opened({})
  await store.write(account, { ...keys, sessionToken: 'of-yesterday', region: 'eu-central-1' })
  const next = { accessKeyId: 'AKIANEXT000000000000', secretAccessKey: 'next+0123456789abcdef' }
  const complete = await store.complete(account, { ...next, sessionToken: '' }, true)
  await store.write(account, complete)
  expect(await store.read(account)).toEqual({ ...next, region: 'eu-central-1' })
})

it('refuses what cannot be right in an optional field too', async () => {
  const { store } = opened({})
  await expect(store.complete(account, { region: 'Frankfurt' })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('Home region does not look right'),
  })
})
