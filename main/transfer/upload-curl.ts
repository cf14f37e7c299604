import type { PathBytes } from './path-bytes.ts'
import { wordOfBytes } from './remote-command.ts'
import { absolutePath, answerTo, markOf } from './upload-answer.ts'
import { partBlockBytes, type Upload, type UploadAnswer, type Uploader } from './upload-types.ts'

/** Whole files over one connection of one curl; a part by a curl of its own that reads from dd. */
export async function uploadByCurl(
  machine: Uploader,
  uploads: readonly Upload[],
  signal: AbortSignal,
): Promise<UploadAnswer[]> {
  const whole = uploads.filter(({ part }) => part === null)
  const answers = new Map<Upload, UploadAnswer>()
  if (whole.length > 0) {
    const sections = whole.map((one, index) =>
      section(one, index, [`upload-file = ${quoted(absolutePath(machine, one.item))}`]),
    )
    // `-q` first: nothing but what comes over standard input counts.
    const stdout = await run(machine, 'exec curl -q -K -', sections.join('next\n'), signal)
    whole.forEach((one, index) => answers.set(one, answerTo(index, stdout)))
  }
  for (const one of uploads) {
    if (one.part === null) continue
    const config = section(one, 0, [
      'upload-file = "/dev/fd/3"',
      `header = "Content-Length: ${one.part.bytes}"`,
      'header = "Transfer-Encoding:"',
      'http1.1',
    ])
    const command = partCommand(absolutePath(machine, one.item), one.part)
    answers.set(one, answerTo(0, await run(machine, command, config, signal)))
  }
  return uploads.map((one) => answers.get(one) ?? { status: 0, code: 'no answer' })
}

async function run(
  machine: Uploader,
  command: string,
  config: string,
  signal: AbortSignal,
): Promise<string> {
  // One character a byte, as names are.
  const { stdout } = await machine.exec(command, { stdin: Buffer.from(config, 'latin1'), signal })
  return stdout
}

/** `printf` is a part of the shell: what it prints stands in no process's arguments. */
function partCommand(path: PathBytes, { offset, bytes }: NonNullable<Upload['part']>): string {
  return `config=$(cat)
file=${wordOfBytes(path)}; file=\${file%x}
dd if="$file" bs=${partBlockBytes} skip=${offset / partBlockBytes} count=${Math.ceil(bytes / partBlockBytes)} 2>/dev/null |
  { printf '%s\\n' "$config" | curl -q -K -; } 3<&0`
}

function section({ url, headers }: Upload, index: number, more: readonly string[]): string {
  const lines = [
    `url = ${quoted(url)}`,
    ...more,
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
