import { request } from 'node:http'
import { eventually } from './eventually.ts'
import type { TestUser } from './cli.ts'

const linkIn = /http:\/\/127\.0\.0\.1:(\d+)\/open\/[\w-]+/g

/** Starts `sublet serve` and waits for its link; `enter` asks for a fresh one. */
export async function serve(user: TestUser, env: Readonly<Record<string, string>> = {}) {
  const host = user.start(['serve', '--no-open'], { keepInput: true, env })
  const links = (): string[] => [...host.stdout().matchAll(linkIn)].map(([link]) => link)
  await eventually(() => links().length === 1, { timeoutMs: 30_000 })
  return {
    host,
    links,
    enter: async (): Promise<string> => {
      const before = links().length
      host.child.stdin.write('\n')
      await eventually(() => links().length > before)
      return links().at(-1) ?? ''
    },
    stop: async () => {
      host.child.kill('SIGINT')
      return await host.exit
    },
  }
}

/** What a page has once its link was opened. */
export interface PageSession {
  readonly cookie: string
  readonly key: string
}

export interface PageAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** One request as written: no path is tidied up, and every header may be said. */
export function ask(
  port: number,
  path: string,
  {
    headers = {},
    method = 'GET',
    body,
  }: {
    readonly headers?: Readonly<Record<string, string>>
    readonly method?: string
    readonly body?: string
  } = {},
): Promise<PageAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Opens a link as a browser does; null when it does not let in. */
export async function open(link: string): Promise<PageSession | null> {
  const { port, pathname } = new URL(link)
  const { headers, body } = await ask(Number(port), pathname)
  const [cookie] = headers['set-cookie'] ?? []
  const key = /data-key="([\w-]+)"/.exec(body)?.[1]
  return cookie && key ? { cookie: cookie.split(';')[0] ?? '', key } : null
}
