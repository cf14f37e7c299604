import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { builtInProviders } from '../../../main/engine/built-in-providers.ts'
import { providersPage } from '../../../main/engine/providers-page/page.ts'
import { SshHostConnector } from '../../../main/machine/ssh/host-connector.ts'
import { memoryPins } from '../../support/host-key-pins.ts'

it('docs/providers.md says what the providers say (else: npm run docs:providers)', () => {
  const hosts = new SshHostConnector(memoryPins(), { home: '/nowhere', localUser: 'nobody' })
  const page = readFileSync(join(import.meta.dirname, '../../../docs/providers.md'), 'utf8')
  expect(page).toBe(providersPage(builtInProviders(hosts)))
})
