import { expect, it } from 'vitest'
import { explain } from '../../../main/providers/paperspace/errors.ts'

const asked = 'POST /machines'

// Its words are not documented: these are what the codes must be right for.
it.each([
  [401, 'Invalid API key', 'auth'],
  [403, 'You do not have the right to do this', 'permission'],
  [403, 'Machine type H100 requires approval', 'quota'],
  [400, 'You have reached the maximum number of machines', 'quota'],
  [400, 'We are out of capacity for this machine type', 'no-capacity'],
  [409, 'Machine type is currently not available in this region', 'no-capacity'],
  [409, 'This machine is currently starting.', 'conflict'],
  [400, 'diskSize is invalid', 'invalid'],
  [404, 'Machine not found', 'not-found'],
  [429, 'Rate limit exceeded', 'rate-limited'],
  [503, 'Service unavailable', 'unavailable'],
] as const)('takes %i "%s" for %s, in a sentence', (status, message, code) => {
  const explained = explain({ status, body: { code: 'ITS_CODE', message }, asked })
  expect(explained.code).toBe(code)
  expect(explained.message).toMatch(/^Paperspace .+\.$/)
  expect(explained.nativeCode).toBe('ITS_CODE')
})

it('explains what is no answer of its API by its status', () => {
  expect(explain({ status: 504, body: '', asked }).code).toBe('unavailable')
})
