import { expect, it } from 'vitest'
import { accountMeant } from '../../../main/cli/account-meant.ts'
import { offerLines } from '../../../main/cli/words/offer-lines.ts'
import { now, offer } from '../../support/fake-facts.ts'

const accounts = [
  { id: 'a1', providerId: 'lambda', name: 'work' },
  { id: 'a2', providerId: 'lambda', name: 'home' },
  { id: 'a3', providerId: 'vast', name: 'work' },
]

it('finds an account by its name within its provider, and by its id', () => {
  expect(accountMeant(accounts, {})).toBeUndefined()
  expect(accountMeant(accounts, { account: 'home' })).toBe('a2')
  expect(accountMeant(accounts, { provider: 'vast', account: 'work' })).toBe('a3')
  expect(accountMeant(accounts, { account: 'a1' })).toBe('a1')
  expect(() => accountMeant(accounts, { account: 'work' })).toThrow('--provider')
})

it('names the account of an offer only where its provider has several', () => {
  const at = (providerId: string, accountId: string) => ({ ...offer, providerId, accountId })
  const [titles, lambda] = offerLines([at('lambda', 'a2'), at('vast', 'a3')], accounts, now)
  expect(titles).toContain('ACCOUNT')
  expect(lambda).toMatch(/lambda +home /)
  expect(offerLines([at('vast', 'a3')], accounts, now).join('\n')).not.toMatch(/ACCOUNT|work/)
})
