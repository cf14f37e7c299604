import { pathFromText, type PathBytes } from './path-bytes.ts'
import type { RemoteItem } from './receive-types.ts'
import type { UploadAnswer, Uploader } from './upload-types.ts'

/** What the machine prints, before the status, at the end of what the server said. */
export const markOf = (index: number): string => `sublet-upload-${index}`

/** The answer to one of several uploads: between the marks of two stands what was said to the latter. */
export function answerTo(index: number, stdout: string): UploadAnswer {
  const end = stdout.indexOf(`\n${markOf(index)} `)
  if (end < 0) return { status: 0, code: 'no answer' }
  const status = Number(/ (\d{3})/.exec(stdout.slice(end, end + 80))?.[1] ?? 0)
  const start = index === 0 ? 0 : stdout.indexOf(`\n${markOf(index - 1)} `)
  const [, code] = /<Code>([A-Za-z0-9.]{1,80})<\/Code>/.exec(stdout.slice(start, end)) ?? []
  return { status, code: code ?? `HTTP ${status}` }
}

/** Where an item lies on the machine, from the root. */
export function absolutePath(machine: Uploader, { root, entry }: RemoteItem): PathBytes {
  const from = root.startsWith('/') ? root : `${machine.home}/${root}`
  return `${pathFromText(from)}/${entry.path}` as PathBytes
}
