import { isMap, isNode, isPair, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { type JobFile, jobFileSchema } from '../../../preload/contract/job-file.ts'
import { SubletError } from '../../domain/errors.ts'
import { schemaSentence } from './schema-sentence.ts'

export const mostJobFileBytes = 1024 * 1024
const mostAliases = 50
/** More than any job file has; the parser recurses, and compares every key with every other. */
const mostDepth = 100
const mostLines = 5_000

export function tooLong(label: string): SubletError {
  return new SubletError('invalid', `${label} is over 1 MiB: a job file is a page of text.`)
}

/** What the parser could not take, told by the text alone; null for all that people write. */
function tooIntricate(text: string, label: string): SubletError | null {
  let depth = 0
  let deepest = 0
  let marks = 0
  let lines = 0
  for (const char of text) {
    if (char === '[' || char === '{') deepest = Math.max(deepest, (depth += 1))
    else if (char === ']' || char === '}') depth = Math.max(0, depth - 1)
    else if (char === '\n') lines += 1
    else if (char === ',' || char === '-' || char === '?' || char === ':') marks += 1
  }
  if (deepest <= mostDepth && lines <= mostLines && marks <= 4 * mostLines) return null
  return new SubletError(
    'invalid',
    `${label} is too long or too deeply nested to be a job file: write it as a page of plain "key: value" lines.`,
  )
}

/**
 * Reads the text of a `sublet.yaml`. `label` is the file's name in messages. Every error is an
 * `invalid` of the form `label:line:column: sentence`, with `line` and `column` in the details.
 */
export function parseJobFile(text: string, label: string): JobFile {
  if (Buffer.byteLength(text) > mostJobFileBytes) throw tooLong(label)
  const intricate = tooIntricate(text, label)
  if (intricate !== null) throw intricate
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true })
  const fail = (offset: number, sentence: string): SubletError => {
    const { line, col } = lineCounter.linePos(offset)
    const [shownLine, column] = [Math.max(1, line), Math.max(1, col)]
    return new SubletError('invalid', `${label}:${shownLine}:${column}: ${sentence}`, {
      details: { line: shownLine, column },
    })
  }
  // A warning is a tag that nobody knows: what it asks for is not what would be read.
  const broken = document.errors[0] ?? document.warnings[0]
  if (broken) throw fail(broken.pos[0], yamlSentence(broken.code, broken.message))
  if (document.contents === null) {
    throw fail(0, 'the job file is empty; it needs at least "script: PATH" or "command: STR".')
  }
  if (!isMap(document.contents)) {
    throw fail(
      document.contents.range[0],
      'a job file is a list of "key: value" lines, and this is not.',
    )
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: mostAliases })
  } catch (error) {
    throw fail(
      0,
      `its aliases cannot be followed (${error instanceof Error ? error.message : String(error)}); write the values out.`,
    )
  }
  const parsed = jobFileSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  if (!issue) throw fail(0, 'the job file does not fit its schema.')
  throw fail(offsetOf(document, issue), schemaSentence(issue, value))
}

function yamlSentence(code: string, message: string): string {
  const first = (message.split('\n')[0] ?? message).replace(/[.:]$/, '')
  const plain = `${first.charAt(0).toLowerCase()}${first.slice(1)}`
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line; YAML wants spaces.'
  if (code === 'DUPLICATE_KEY') return 'this key stands twice; keep one of them.'
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; a job file holds one job.'
  return `this is not YAML (${plain}); correct the line.`
}

function offsetOf(document: Document, issue: z.core.$ZodIssue): number {
  const wanted =
    issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  wanted.forEach((key, depth) => {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && keyText(item.key) === String(key))
      const at =
        depth === wanted.length - 1 && issue.code !== 'unrecognized_keys' ? pair?.value : pair?.key
      if (isNode(at)) offset = at.range?.[0] ?? offset
      node = pair?.value
    } else {
      const item = (node as { items?: readonly unknown[] } | null)?.items?.[Number(key)]
      if (isNode(item)) offset = item.range?.[0] ?? offset
      node = item
    }
  })
  return offset
}

function keyText(key: unknown): string {
  return String((key as { value?: unknown } | null)?.value ?? key)
}
