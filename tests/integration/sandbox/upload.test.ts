import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Machine } from '../../../main/machine/machine.ts'
import { pathFromText, type PathBytes } from '../../../main/transfer/path-bytes.ts'
import { uploadFrom } from '../../../main/transfer/upload.ts'
import type { Upload, Uploader } from '../../../main/transfer/upload-types.ts'
import { sandboxMachine } from '../../support/sandbox-machine.ts'
import { testSandbox } from '../../support/sandbox.ts'

const signal = new AbortController().signal
const mebibyte = 2 ** 20
const tools = ['curl', 'python3'].filter((name) => {
  if (spawnSync(name, ['--version']).status === 0) return true
  process.stdout.write(
    `SKIPPED: uploads by ${name}, which is not here (apt-get install ${name}).\n`,
  )
  return false
})
const sandbox = testSandbox()
const weights = Buffer.alloc(3 * mebibyte + 17, 'weights ')
const files = new Map<PathBytes, Buffer>([
  [pathFromText('out/empty'), Buffer.alloc(0)],
  ['out/l\u00f6ss "a"\\n%s\n' as PathBytes, Buffer.from('not UTF-8, and with all that quotes\n')],
  [pathFromText('out/it’s a weight'), weights],
])
let machine: Machine
let server: Server
let host: string
let received: { url: string; sha256: string; header: string; chunked: boolean }[]

beforeAll(async () => {
  server = createServer((request, response) => void take(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  host = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`
  machine = await sandboxMachine(sandbox)
  mkdirSync(join(machine.home, 'out'))
  for (const [path, content] of files) {
    writeFileSync(
      Buffer.concat([Buffer.from(`${machine.home}/`), Buffer.from(path, 'latin1')]),
      content,
    )
  }
})
afterAll(async () => {
  machine.close()
  server.close()
  await sandbox.stop()
})
beforeEach(() => {
  received = []
})

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = '', headers } = request
  received.push({
    url,
    sha256: sha256(await buffer(request)),
    header: String(headers['x-amz-checksum-sha256']),
    chunked: headers['transfer-encoding'] !== undefined,
  })
  const refused = url.includes('refused')
  response.writeHead(refused ? 403 : 200)
  response.end(refused ? '<Error><Code>AccessDenied</Code></Error>' : '')
}

/** The machine as it is with these programs and no others on its PATH. */
function onlyWith(...programs: readonly string[]): Uploader {
  const folder = mkdtempSync(join(machine.home, 'tools-'))
  for (const name of ['sh', 'cat', 'dd', ...programs]) {
    symlinkSync(programOf(name), join(folder, name))
  }
  const exec: Machine['exec'] = async (command, options) =>
    await machine.exec(`PATH='${folder}'\n${command}`, options)
  return { exec, home: machine.home, label: machine.label }
}

function programOf(name: string): string {
  // What is on the PATH may be a script that finds the real one by way of other programs.
  if (name === 'python3') {
    return execFileSync(name, ['-c', 'import sys; print(sys.executable)'], {
      encoding: 'utf8',
    }).trim()
  }
  return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
}

function uploads(...names: readonly string[]): Upload[] {
  return [...files].map(([path, content], index) => ({
    item: {
      root: '',
      path,
      entry: { path, kind: 'file', mode: 0o600, size: content.length, mtimeS: 0, ctimeS: 0 },
    },
    part: null,
    url: `${host}/${names[index] ?? index}?X-Amz-Signature=s`,
    headers: { 'x-amz-checksum-sha256': `sum ${index}` },
  }))
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

it.each(tools)('%s sends files as they are, and says what the server said', async (tool) => {
  const answers = await uploadFrom(onlyWith(tool), uploads('a', 'refused', 'c'), signal)
  expect(answers).toEqual([
    { status: 200, code: 'HTTP 200' },
    { status: 403, code: 'AccessDenied' },
    { status: 200, code: 'HTTP 200' },
  ])
  expect(received).toEqual(
    [...files.values()].map((content, index) => ({
      url: `/${['a', 'refused', 'c'][index]}?X-Amz-Signature=s`,
      sha256: sha256(content),
      header: `sum ${index}`,
      chunked: false,
    })),
  )
})

it.each(tools)('%s sends parts of a file', async (tool) => {
  const [, , last] = uploads()
  if (last === undefined) throw new Error('There is no large file.')
  const parts = [
    { offset: 0, bytes: 2 * mebibyte },
    { offset: 2 * mebibyte, bytes: mebibyte + 17 },
  ]
  const answers = await uploadFrom(
    onlyWith(tool),
    parts.map((part) => ({ ...last, part })),
    signal,
  )
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(received.map(({ sha256: sum, chunked }) => ({ sum, chunked }))).toEqual(
    parts.map(({ offset, bytes }) => ({
      sum: sha256(weights.subarray(offset, offset + bytes)),
      chunked: false,
    })),
  )
})

it('says so where there is neither', async () => {
  await expect(uploadFrom(onlyWith(), uploads(), signal)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(/neither curl nor python3/) as unknown,
  })
  expect(received).toEqual([])
})
