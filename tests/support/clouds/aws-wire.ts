import type { FakeAnswer, FakeRequest, RefusalKind } from './fake-server.ts'
import { grown } from './fake-server.ts'

/** A request to one of Amazon's services, as all of them come to one address. */
export interface AwsRequest {
  /** `ec2`, `sts`, `pricing` …, and the region, from what the signature is for. */
  readonly service: string
  readonly region: string
  /** `DescribeInstances`. */
  readonly action: string
  readonly input: Tree
}

/** Parameters of the query protocol, nested: numbered ones are lists. */
export type Tree = { readonly [name: string]: Tree | string | readonly (Tree | string)[] }

/** Null for what is not signed. */
export function awsRequest({ headers, body }: FakeRequest): AwsRequest | null {
  const [, region = '', service = ''] =
    /Credential=[A-Z0-9]+\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/.exec(
      String(headers['authorization']),
    ) ?? []
  if (service === '') return null
  const [, target] = String(headers['x-amz-target'] ?? '').split('.')
  if (target !== undefined) return { service, region, action: target, input: body as Tree }
  const input = nested(new URLSearchParams(String(body)))
  return { service, region, action: text(input['Action']), input }
}

/** XML of the query services, JSON of the others, or plain text. */
export function encode(body: unknown): { readonly type: string; readonly text: string } {
  if (typeof body === 'string') return { type: 'text/plain', text: body }
  const [root = ''] = Object.keys(body as object)
  if (!/^[A-Z]\w*Response$|^Response$/.test(root))
    return { type: 'application/x-amz-json-1.1', text: JSON.stringify(body) }
  return { type: 'text/xml;charset=UTF-8', text: `<?xml version="1.0"?>\n${xml(body)}` }
}

/** New elements in each element, but still one root. */
export function grownAnswer(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  // Times become text on the way, as they will be in the answer.
  const plain = JSON.parse(JSON.stringify(body)) as object
  return Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, grown(value)]))
}

/** An answer of EC2: its root is named after the action. */
export const ec2 = (action: string, body: object): FakeAnswer => ({
  status: 200,
  body: { [`${action}Response`]: { requestId: 'fake-request', ...body } },
})

/** A refusal: EC2 reads `Errors`, STS `Error`. */
export function refused(status: number, Code: string, Message: string): FakeAnswer {
  const Error = { Code, Message }
  return { status, body: { Response: { Errors: { Error }, Error, RequestID: 'fake-request' } } }
}

/** A refusal of the services that answer JSON. */
export const refusedJson = (type: string, message: string): FakeAnswer => ({
  status: 400,
  body: { __type: type, message },
})

const refusals: Readonly<Record<RefusalKind, readonly [number, string, string]>> = {
  'bad-key': [401, 'AuthFailure', 'AWS was not able to validate the provided access credentials'],
  permission: [403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.'],
  quota: [
    400,
    'VcpuLimitExceeded',
    'You have requested more vCPU capacity than your current limit.',
  ],
  'no-capacity': [
    500,
    'InsufficientInstanceCapacity',
    'We currently do not have sufficient capacity.',
  ],
  'price-moved': [400, 'SpotMaxPriceTooLow', 'Your Spot request price is lower than required.'],
  'rate-limit': [503, 'RequestLimitExceeded', 'Request limit exceeded.'],
  'server-error': [500, 'InternalError', 'An internal error has occurred'],
}

/** A refusal in Amazon's words. */
export const refusal = (kind: RefusalKind): FakeAnswer => refused(...refusals[kind])

/** A parameter that is a text; empty where it is missing. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export interface Tag {
  readonly Key: string
  readonly Value: string
}

export const tagSet = (tags: readonly Tag[]) => ({
  item: tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
})

/** The values of a filter; null where the request has no such one. */
export function filterOf(input: Tree, name: string): readonly string[] | null {
  const filters = (input['Filter'] ?? []) as readonly Tree[]
  const found = filters.find((one) => one['Name'] === name)
  return found === undefined ? null : (found['Value'] as readonly string[])
}

/** `g*` and the like. */
export const matches = (patterns: readonly string[] | null, text: string): boolean =>
  patterns === null ||
  patterns.some((one) => (one.endsWith('*') ? text.startsWith(one.slice(0, -1)) : text === one))

function nested(parameters: URLSearchParams): Tree {
  const root: Record<string, unknown> = {}
  for (const [path, value] of parameters) {
    const keys = path.split('.')
    let at: Record<string, unknown> = root
    for (const [index, key] of keys.entries()) {
      if (index === keys.length - 1) at[key] = value
      else at = (at[key] ??= {}) as Record<string, unknown>
    }
  }
  return listed(root) as Tree
}

function listed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key)))
    return entries.map(([, one]) => listed(one))
  return Object.fromEntries(entries.map(([key, one]) => [key, listed(one)]))
}

function xml(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return escaped(`${value as string | number | boolean}`)
  return Object.entries(value)
    .flatMap(([name, one]) => (Array.isArray(one) ? one : [one]).map((each) => element(name, each)))
    .join('')
}

const element = (name: string, value: unknown): string =>
  value === undefined || value === null ? '' : `<${name}>${xml(value)}</${name}>`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
