import { createHash } from 'node:crypto'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/**
 * A server in front of an S3 server that sees what passes, refuses uploads, and holds downloads.
 * It compares each upload with its SHA-256 as real servers do: moto only repeats it.
 */
export interface S3Proxy {
  readonly url: string
  /** Method and address of every request, with `range` where it had one. */
  readonly seen: { readonly method: string; readonly url: string; readonly range: string | null }[]
  /** What uploads of results are answered with; null passes them on. Those of a check pass. */
  refuse: { readonly status: number; readonly code: string } | null
  /** Whether uploads are compared. */
  compares: boolean
  /** Bytes of each download that pass before it stands still; null does not hold. */
  holdAfter: number | null
  /** Called with each address of a presigned upload while it is under way. */
  onUpload: ((url: string) => void) | null
  stop(): Promise<void>
}

export async function s3Proxy(port: number): Promise<S3Proxy> {
  const seen: S3Proxy['seen'] = []
  const pass = (from: IncomingMessage, to: ServerResponse): void => {
    const { method = '', url = '', headers } = from
    seen.push({ method, url, range: headers.range ?? null })
    const isUpload = method === 'PUT' && url.includes('X-Amz-Signature')
    if (isUpload) proxy.onUpload?.(url)
    if (isUpload && proxy.refuse !== null && !url.includes('sublet-check')) {
      const { status, code } = proxy.refuse
      from.resume()
      from.on('end', () => refuse(to, status, code))
      return
    }
    const announced = isUpload && proxy.compares ? headers['x-amz-checksum-sha256'] : undefined
    if (typeof announced === 'string') {
      void passIfEqual(from, to, announced)
      return
    }
    forward(from, to, null)
  }
  const passIfEqual = async (
    from: IncomingMessage,
    to: ServerResponse,
    announced: string,
  ): Promise<void> => {
    const body = await buffer(from)
    if (createHash('sha256').update(body).digest('base64') === announced) forward(from, to, body)
    else refuse(to, 400, 'BadDigest')
  }
  const forward = (from: IncomingMessage, to: ServerResponse, body: Buffer | null): void => {
    const { method = '', url = '', headers } = from
    const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      let left = method === 'GET' ? proxy.holdAfter : null
      answer.on('data', (chunk: Buffer) => {
        to.write(left === null ? chunk : chunk.subarray(0, left))
        if (left !== null) left = Math.max(0, left - chunk.length)
      })
      // A held download never ends by itself.
      answer.on('end', () => {
        if (left === null || left > 0) to.end()
      })
    })
    onward.on('error', () => to.destroy())
    if (body === null) from.pipe(onward)
    else onward.end(body)
  }
  const server = createServer(pass)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const own = typeof address === 'object' && address !== null ? address.port : 0
  const proxy: S3Proxy = {
    url: `http://127.0.0.1:${own}`,
    seen,
    refuse: null,
    compares: true,
    holdAfter: null,
    onUpload: null,
    stop: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return proxy
}

function refuse(to: ServerResponse, status: number, code: string): void {
  to.writeHead(status, { 'content-type': 'application/xml' })
  to.end(`<Error><Code>${code}</Code></Error>`)
}
