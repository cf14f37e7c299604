import type { FakeAnswer, RefusalKind } from './fake-server.ts'

/** How RunPod refuses: a status, and words. */
const refusals: Readonly<Record<RefusalKind, readonly [number, string, string]>> = {
  'bad-key': [401, 'Unauthorized', 'invalid bearer token'],
  permission: [403, 'Forbidden', 'access denied'],
  quota: [402, 'Payment Required', 'insufficient balance'],
  'no-capacity': [400, 'Bad Request', 'There are no instances available with these specifications'],
  'price-moved': [400, 'Bad Request', 'request could not be processed'],
  'rate-limit': [429, 'Too Many Requests', 'rate limit exceeded for the minute window'],
  'server-error': [500, 'Internal Server Error', 'upstream failure'],
}

export const ok = (body: unknown): FakeAnswer => ({ status: 200, body })
export const deleted: FakeAnswer = { status: 204, body: null }
export const missing = problem(404, 'Not Found', 'resource not found')

/** `application/problem+json`. */
export function problem(status: number, title: string, detail: string): FakeAnswer {
  const headers = { 'content-type': 'application/problem+json' }
  return { status, body: { title, status, detail }, headers }
}

/** A refusal in RunPod's words. */
export function refusal(kind: RefusalKind): FakeAnswer {
  return problem(...refusals[kind])
}
