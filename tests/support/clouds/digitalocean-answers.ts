import { randomUUID } from 'node:crypto'
import type { FakeAnswer, RefusalKind } from './fake-server.ts'

const left =
  'The shared file is a part of the description, without volumes, addresses and snapshots.'

/** What the exchanges are held against. */
export const digitalOceanSpec = {
  file: 'digitalocean-v2-subset-2026-08-07.json',
  exceptions: {
    'GET /vN/volumes is not': left,
    'DELETE /vN/volumes': left,
    'GET /vN/reserved_ips is not': left,
    'DELETE /vN/reserved_ips': left,
    'GET /vN/snapshots is not': left,
  },
}

const refusals: Readonly<Record<RefusalKind, readonly [number, string, string]>> = {
  'bad-key': [401, 'unauthorized', 'Unable to authenticate you'],
  permission: [403, 'forbidden', 'You are not authorized to perform this operation'],
  quota: [422, 'unprocessable_entity', 'creating this droplet will exceed your droplet limit'],
  'no-capacity': [422, 'unprocessable_entity', 'Region is not available'],
  'price-moved': [422, 'unprocessable_entity', 'Size is not available in this region.'],
  'rate-limit': [429, 'too_many_requests', 'API rate limit exceeded.'],
  'server-error': [500, 'server_error', 'Unexpected server-side error'],
}

export const limits = { 'ratelimit-limit': '5000', 'ratelimit-remaining': '4816' }
export const account = {
  droplet_limit: 25,
  floating_ip_limit: 5,
  email: 'sammy@example.org',
  name: 'Sammy',
  uuid: 'b6fr89dbf6d9156cace5f3c78dc9851d957381ef',
  email_verified: true,
  status: 'active',
  status_message: '',
  team: { uuid: '5df3e3004a17e242b7c20ca6c9fc25b701a47ece', name: 'My Team' },
}
export const balance = {
  month_to_date_balance: '-38.79',
  account_balance: '-50.00',
  month_to_date_usage: '11.21',
  generated_at: '2026-05-01T15:01:12Z',
}

export const ok = (body: unknown, status = 200): FakeAnswer => ({ status, body, headers: limits })
export const unprocessable = (message: string): FakeAnswer =>
  ok({ id: 'unprocessable_entity', message, request_id: randomUUID() }, 422)
export const missing = ok(
  { id: 'not_found', message: 'The resource you requested could not be found.' },
  404,
)

/** One page of a list, with the address of the next one where there is one. */
export function paged(name: string, rows: readonly unknown[], query: URLSearchParams): FakeAnswer {
  const perPage = Number(query.get('per_page') ?? 20)
  const page = Number(query.get('page') ?? 1)
  const next = page * perPage < rows.length ? { next: `https://x/v2/${name}?page=${page + 1}` } : {}
  return ok({
    [name]: rows.slice((page - 1) * perPage, page * perPage),
    links: { pages: next },
    meta: { total: rows.length },
  })
}

/** Takes a row away, as the API answers it. */
export function removed<T>(rows: T[], is: (row: T) => boolean): FakeAnswer {
  const index = rows.findIndex(is)
  if (index === -1) return missing
  rows.splice(index, 1)
  return { status: 204, body: null, headers: limits }
}

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'

/** A path without what is variable in it. */
export function plain(path: string): string {
  return path
    .replace(/^\/v2/, '')
    .replace(/(?<=^\/account\/keys\/)[0-9a-f]{2}(:|%3A).*$/i, 'FP')
    .replace(new RegExp(uuid), 'UUID')
    .replace(/\d+\.\d+\.\d+\.\d+/, 'IP')
    .replace(/do(:|%3A)team(:|%3A)\w+/, 'URN')
    .replaceAll(/\d{4}-\d{2}-\d{2}/g, 'DAY')
    .replace(/\/\d+(?=\/|$)/, '/N')
}

/** A refusal in DigitalOcean's words. */
export function refusal(kind: RefusalKind): FakeAnswer {
  const [status, id, message] = refusals[kind]
  return ok({ id, message, request_id: randomUUID() }, status)
}
