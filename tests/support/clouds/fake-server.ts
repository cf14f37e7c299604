import { setTimeout as delay } from 'node:timers/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Operation } from '../../conformance/subject.ts'
import type { Exchange } from '../openapi/open-api-check.ts'
import type { FaultBoard, RequestFault } from './fault-board.ts'

export interface FakeRequest extends Exchange {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface FakeAnswer {
  readonly status: number
  /** JSON; null for none. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** What is refused, in the words of the provider. */
export type RefusalKind =
  | 'bad-key'
  | 'permission'
  | 'quota'
  | 'no-capacity'
  | 'price-moved'
  | 'rate-limit'
  | 'server-error'

/** One provider's API as a fake answers it. */
export interface FakeApi {
  /** Which of the suite's operations a request belongs to; several where the API has one for them. */
  operationsOf(request: FakeRequest): readonly Operation[]
  answer(request: FakeRequest): FakeAnswer | Promise<FakeAnswer>
  refusal(kind: RefusalKind): FakeAnswer
  /** An answer with fields that nobody has heard of, where `grown` would add rows to a map by name. */
  readonly grown?: (body: unknown) => unknown
  /** How a body goes over the line; absent: as JSON. */
  readonly encode?: (body: unknown) => { readonly type: string; readonly text: string }
}

export interface FakeServer {
  readonly url: string
  close(): Promise<void>
}

export interface FakeServerOptions {
  readonly faults: FaultBoard
  /** Called before anything is done about a request. */
  readonly arrived: (request: FakeRequest) => Promise<void>
  /** Called with every request and its whole answer, planted nonsense excepted. */
  readonly seen: (request: FakeRequest, answer: FakeAnswer | null) => void
}

/** Serves a fake API on 127.0.0.1, and lets the planted faults strike before or after its effect. */
export async function startFakeServer(
  api: FakeApi,
  { faults, arrived, seen }: FakeServerOptions,
): Promise<FakeServer> {
  const handle = async (request: FakeRequest, response: ServerResponse): Promise<void> => {
    await arrived(request)
    const fault = faults.take(api.operationsOf(request))
    const effect = async (): Promise<FakeAnswer> => {
      const answer = await api.answer(request)
      seen(request, answer)
      return answer
    }
    if (fault === null) return send(api, response, await effect())
    if ('when' in fault && fault.when === 'after') await effect()
    else seen(request, null)
    await strike(api, fault, response, effect)
  }
  const server = createServer((incoming, response) => {
    requestOf(incoming)
      .then((request) => handle(request, response))
      .catch((error: unknown) => {
        // A bug of the fake shows up as what the adapter cannot read, with its reason.
        send(api, response, { status: 599, body: { fake: String(error) } })
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function strike(
  api: FakeApi,
  fault: RequestFault,
  response: ServerResponse,
  effect: () => Promise<FakeAnswer>,
): Promise<void> {
  switch (fault.kind) {
    case 'no-answer':
      return // The connection stays open until the client gives up.
    case 'disconnect':
      response.socket?.destroy()
      return
    case 'server-error':
      return send(api, response, api.refusal('server-error'))
    case 'rate-limit': {
      const refusal = api.refusal('rate-limit')
      const { retryAfterMs } = fault
      const wait =
        retryAfterMs === null ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }
      return send(api, response, { ...refusal, headers: { ...refusal.headers, ...wait } })
    }
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>')
      return
    case 'truncated': {
      const { text, type } = (api.encode ?? asJson)((await effect()).body)
      response.writeHead(200, { 'content-type': type })
      response.end(text.slice(0, Math.floor(text.length / 2)))
      return
    }
    case 'new-fields': {
      const answer = await effect()
      return send(api, response, { ...answer, body: (api.grown ?? grown)(answer.body) })
    }
    case 'slow': {
      const answer = await effect()
      await delay(fault.realMs)
      return send(api, response, answer)
    }
    case 'bad-key':
    case 'permission':
    case 'quota':
    case 'no-capacity':
    case 'price-moved':
      return send(api, response, api.refusal(fault.kind))
  }
}

function send(
  api: Pick<FakeApi, 'encode'>,
  response: ServerResponse,
  { status, body, headers = {} }: FakeAnswer,
): void {
  if (body === null) {
    response.writeHead(status, headers).end()
    return
  }
  const { text, type } = (api.encode ?? asJson)(body)
  response.writeHead(status, { 'content-type': type, ...headers })
  response.end(text)
}

const asJson = (body: unknown) => ({ type: 'application/json', text: JSON.stringify(body) })

/** Every object gets a field that nobody has heard of, as an API that grows may do. */
export function grown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(grown)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [key, grown(one)] as const)
  return { ...Object.fromEntries(entries), added_later: { of: ['some', 1] } }
}

async function requestOf(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const url = new URL(incoming.url ?? '/', 'http://fake')
  const text = Buffer.concat(chunks).toString('utf8')
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: text === '' ? null : parsed(text),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
