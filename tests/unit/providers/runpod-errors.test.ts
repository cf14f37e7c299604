import { expect, it } from 'vitest'
import { explain } from '../../../main/providers/runpod/errors.ts'

it.each([
  [400, 'no-capacity', 'There are no instances available'],
  [401, 'auth', 'invalid bearer token'],
  [402, 'quota', 'insufficient balance'],
  [403, 'permission', 'access denied'],
  [403, 'no-capacity', 'account cannot access the requested pool'],
  [404, 'invalid', 'template not found'],
  [405, 'invalid', 'The requested method is not allowed for this path.'],
  [409, 'conflict', 'Pod belongs to a cluster'],
  [422, 'invalid', 'Request validation failed.'],
  [429, 'rate-limited', 'rate limit exceeded for the minute window'],
  [500, 'unavailable', 'upstream failure'],
  [503, 'unavailable', ''],
] as const)('takes a %i of a launch for %s', (status, code, detail) => {
  const explained = explain({ status, body: { detail }, asked: 'POST /v2/pods' })
  expect(explained).toMatchObject({ code, nativeCode: `HTTP ${status}` })
  expect(explained.message).toMatch(/\.$/)
})

it('takes a 400 elsewhere for a wrong request, shows what is wrong, and survives a page of HTML', () => {
  const body = { detail: 'Request validation failed', errors: ["$: 'bogus' not allowed"] }
  const asked = 'GET /v2/pods'
  expect(explain({ status: 422, body, asked }).message).toContain("'bogus' not allowed")
  expect(explain({ status: 400, body, asked }).code).toBe('invalid')
  expect(explain({ status: 404, body: null, asked }).code).toBe('not-found')
  expect(explain({ status: 502, body: '<html>', asked })).toMatchObject({ code: 'unavailable' })
})
