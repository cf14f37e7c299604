import type { LogSpan } from '../../../preload/contract/services/logs.ts'
import { visibleControls } from '../../domain/visible-controls.ts'

export interface RowText {
  readonly text: string
  readonly spans: readonly LogSpan[]
}

const unusual = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/
/** Colours; other control sequences; operating system commands; what is left of a broken one. */
const sequences =
  /\u001b\[([0-9;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]P_^X][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]/g

interface Style {
  readonly colour: number | null
  readonly bold: boolean
  readonly dim: boolean
}
const plain: Style = { colour: null, bold: false, dim: false }

/**
 * What a row of a log shows: wrong bytes as replacement characters, the last state of a progress
 * bar, colours as data, and every other control sequence without effect.
 */
export function rowText(bytes: Buffer): RowText {
  const source = bytes.toString('utf8').replace(/\r*\n?$/, '')
  if (!unusual.test(source)) return { text: source, spans: [] }
  const shown = lastState(source)
  const spans: LogSpan[] = []
  let text = ''
  let style = plain
  let from = 0
  const add = (piece: string): void => {
    const start = text.length
    text += visibleControls(piece)
    if (style !== plain && text.length > start) spans.push({ start, end: text.length, ...style })
  }
  for (const match of shown.matchAll(sequences)) {
    add(shown.slice(from, match.index))
    from = match.index + match[0].length
    if (match[1] !== undefined) style = styled(style, match[1])
  }
  add(shown.slice(from))
  return { text, spans }
}

/** What is left after returns to the line's begin and steps back. */
function lastState(source: string): string {
  const states = source.split('\r')
  let shown = states.pop() ?? ''
  while (shown.trim() === '' && states.length > 0) shown = states.pop() ?? ''
  if (!shown.includes('\b')) return shown
  const kept: string[] = []
  for (const character of shown) {
    if (character === '\b') kept.pop()
    else kept.push(character)
  }
  return kept.join('')
}

function styled(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((text) => (text === '' ? 0 : Number(text)))
  let { colour, bold, dim } = before
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0
    if (code === 0) {
      colour = null
      bold = false
      dim = false
    } else if (code === 1) bold = true
    else if (code === 2) dim = true
    else if (code === 22) {
      bold = false
      dim = false
    } else if (code >= 30 && code <= 37) colour = code - 30
    else if (code >= 90 && code <= 97) colour = code - 82
    else if (code === 39) colour = null
    else if (code === 38 || code === 48) {
      // One of 256 colours, of which the first 16 are these; or three shares, which stay plain.
      const kind = codes[index + 1]
      const number = codes[index + 2] ?? 16
      if (code === 38) colour = kind === 5 && number < 16 ? number : null
      index += kind === 5 ? 2 : 4
    }
  }
  return colour === null && !bold && !dim ? plain : { colour, bold, dim }
}
