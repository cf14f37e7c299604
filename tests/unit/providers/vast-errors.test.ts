import { expect, it } from 'vitest'
import { explain, isRefusal } from '../../../main/providers/vast/errors.ts'

const asked = 'PUT /api/v0/asks/1/'
const error = (code: string, msg = 'Something.') => ({ success: false, error: code, msg })

it.each([
  [401, error('auth_error', 'Invalid user key'), 'auth'],
  [403, error('auth_error', 'This action requires login.'), 'auth'],
  [404, error('auth_error', 'Invalid user key'), 'auth'],
  [404, { msg: 'Invalid user key' }, 'auth'],
  [403, error('forbidden'), 'permission'],
  [403, error('invalid_args', 'error 403/3586: Offer 1 is not your own.'), 'permission'],
  [400, error('invalid_args'), 'invalid'],
  [400, error('no_ssh_key_for_vm'), 'invalid'],
  [400, error('invalid_price'), 'price-moved'],
  [404, error('invalid_args', 'error 404/3603: no_such_ask Instance type …'), 'no-capacity'],
  [410, error('no_such_ask'), 'no-capacity'],
  [404, error('no_such_instance'), 'not-found'],
  [404, error('no_such_volume'), 'not-found'],
  [400, error('insufficient_credit'), 'quota'],
  [411, error('', 'Insufficient credit'), 'quota'],
  [402, error('payment'), 'quota'],
  [429, error('rate_limit_exceeded'), 'rate-limited'],
  [429, 'API requests too frequent', 'rate-limited'],
  [500, error('invalid_args'), 'unavailable'],
  [502, '<html>', 'unavailable'],
  [200, error('unheard_of'), 'invalid'],
] as const)('HTTP %d with %j is %s', (status, body, code) => {
  const explained = explain({ status, body, asked })
  expect(explained.code).toBe(code)
  expect(explained.message).toMatch(/\.$/)
})

it('waits for the threshold that the words name, as there is no header', () => {
  const detail = 'API requests too frequent endpoint threshold=4.5'
  expect(explain({ status: 429, body: { detail }, asked }).retryAfterMs).toBe(4_500)
  const text = 'API requests too frequent: endpoint threshold=3.0'
  expect(explain({ status: 429, body: text, asked }).retryAfterMs).toBe(3_000)
})

it('tells of a machine that was made in spite of the refusal', () => {
  const body = { ...error('invalid_price'), new_contract: 12 }
  expect(explain({ status: 400, body, asked }).details).toEqual({ newContract: 12 })
})

it('takes an answer of 200 that says no for a refusal', () => {
  expect(isRefusal({ success: false })).toBe(true)
  expect(isRefusal({ success: true })).toBe(false)
  expect(isRefusal({ instances: [] })).toBe(false)
})
