import { expect, test } from 'vitest'
import { SecretStore } from '../../../main/engine/secret-store.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'
import type { Vault } from '../../../main/secrets/vault.ts'

test('what exists is masked and what is missing is named, all of it at once', async () => {
  const kept: Record<string, string> = { FIRST: 'first-value', LAST: 'last-value' }
  const vault = {
    getPassword: async (_service: string, name: string) => kept[name] ?? null,
  } as Partial<Vault> as Vault
  const redactor = createRedactor()
  const store = new SecretStore(vault, redactor)
  await expect(store.read(['FIRST', 'GONE', 'LAST', 'LOST'])).rejects.toMatchObject({
    code: 'secret-missing',
    message:
      'The secrets GONE, LOST are not set. Set them: sublet secrets set GONE; sublet secrets set LOST',
  })
  expect(redactor.redact('first-value and last-value')).toBe('[secret] and [secret]')
  expect(await store.read(['LAST'])).toEqual({ LAST: 'last-value' })
})
