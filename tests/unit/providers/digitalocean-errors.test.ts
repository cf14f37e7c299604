import { expect, it } from 'vitest'
import { explain } from '../../../main/providers/digitalocean/errors.ts'

const asked = 'POST /droplets'
const refusal = (status: number, message: string, id = 'unprocessable_entity') =>
  explain({ status, body: { id, message, request_id: 'x' }, asked })

// As users have reported them.
it.each([
  [422, 'creating this/these droplet(s) will exceed your droplet limit', 'quota'],
  [422, 'You specified an invalid size for Droplet creation.', 'quota'],
  [422, 'Region is not available', 'no-capacity'],
  [422, 'Size is not available in this region.', 'no-capacity'],
  [422, 'size is unavailable', 'no-capacity'],
  [422, 'SSH Key is already in use on your account', 'conflict'],
  [422, 'Droplet already has a pending event.', 'conflict'],
  [422, 'Name must be a valid hostname', 'invalid'],
  [401, 'Unable to authenticate you', 'auth'],
  [403, 'You are not authorized to perform this operation', 'permission'],
  [404, 'The resource you requested could not be found.', 'not-found'],
  [429, 'API rate limit exceeded.', 'rate-limited'],
  [500, 'Unexpected server-side error', 'unavailable'],
  [503, 'Service Unavailable', 'unavailable'],
] as const)('takes %i "%s" for %s, in a sentence', (status, message, code) => {
  const explained = refusal(status, message)
  expect(explained.code).toBe(code)
  expect(explained.message).toMatch(/^DigitalOcean .+\.$/)
  expect(explained.nativeCode).toBe('unprocessable_entity')
})

it('explains what is no answer of its API by its status', () => {
  expect(explain({ status: 502, body: '<html>', asked })).toEqual({
    code: 'unavailable',
    message: 'DigitalOcean answered POST /droplets with HTTP 502. Sublet asks again.',
  })
})
