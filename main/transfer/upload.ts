import type { Machine } from '../machine/machine.ts'
import { SubletError } from '../domain/errors.ts'
import { pathFromText } from './path-bytes.ts'
import type { RemoteItem } from './receive-types.ts'

/** A file on the machine, and where it may send it. `url` is a secret. */
export interface Upload {
  readonly item: RemoteItem
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** What the other side said to one upload: an HTTP status, 0 for none, and its own code. */
export interface UploadAnswer {
  readonly status: number
  readonly code: string
}

const noCurl = 127
/** `-q` first: nothing but what comes over standard input counts. */
const command = `command -v curl >/dev/null 2>&1 || exit ${noCurl}; exec curl -q -K -`

/**
 * Has the machine upload files by itself. The addresses go over standard input of one channel,
 * never into arguments or files. Answers in the order of `uploads`. Errors: `unsupported` where
 * there is no curl, `unreachable` on a cut.
 */
export async function uploadFrom(
  machine: Machine,
  uploads: readonly Upload[],
  signal: AbortSignal,
): Promise<UploadAnswer[]> {
  const config = uploads.map((one, index) => sectionOf(machine, one, index)).join('next\n')
  // One character a byte, as names are.
  const stdin = Buffer.from(config, 'latin1')
  const { exitCode, stdout } = await machine.exec(command, { stdin, signal })
  if (exitCode === noCurl) {
    throw new SubletError('unsupported', `There is no curl on ${machine.label}.`)
  }
  return uploads.map((_, index) => answerTo(index, stdout))
}

function sectionOf(machine: Machine, { item, url, headers }: Upload, index: number): string {
  const root = item.root.startsWith('/') ? item.root : `${machine.home}/${item.root}`
  const lines = [
    `url = ${quoted(url)}`,
    `upload-file = ${quoted(`${pathFromText(root)}/${item.entry.path}`)}`,
    ...Object.entries(headers).map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`),
    // Neither is part of the signature, and some servers mind the first.
    'header = "Expect:"',
    'globoff',
    'silent',
    'connect-timeout = 20',
    'speed-limit = 1',
    'speed-time = 60',
    `write-out = "\\n${markOf(index)} %{http_code}\\n"`,
  ]
  return `${lines.join('\n')}\n`
}

const markOf = (index: number): string => `sublet-upload-${index}`

/** A quoted word of a curl configuration. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\v', '\\v')
  return `"${escaped}"`
}

/** Between the marks of two uploads stands what the server said to the latter. */
function answerTo(index: number, stdout: string): UploadAnswer {
  const end = stdout.indexOf(`\n${markOf(index)} `)
  if (end < 0) return { status: 0, code: 'no answer' }
  const status = Number(/ (\d{3})/.exec(stdout.slice(end, end + 80))?.[1] ?? 0)
  const start = index === 0 ? 0 : stdout.indexOf(`\n${markOf(index - 1)} `)
  const [, code] = /<Code>([A-Za-z0-9.]{1,80})<\/Code>/.exec(stdout.slice(start, end)) ?? []
  return { status, code: code ?? `HTTP ${status}` }
}
