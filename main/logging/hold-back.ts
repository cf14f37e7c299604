/** A value that is looked for in a text that comes in pieces. */
export interface Needle {
  readonly text: string
  /** For each character: how much of the value's beginning ends there (Knuth, Morris and Pratt). */
  readonly borders: Int32Array
}

/** Prepares one value of at least one character; takes time and memory in proportion to its length. */
export function needleOf(text: string): Needle {
  const borders = new Int32Array(text.length)
  let matched = 0
  for (let at = 1; at < text.length; at += 1) {
    matched = advance({ text, borders }, matched, text.charCodeAt(at))
    borders[at] = matched
  }
  return { text, borders }
}

/**
 * The smallest index from `from` on at which the rest of `text` is the beginning, but not the
 * whole, of one of the needles; the text's length when there is none.
 */
export function findHoldStart(text: string, from: number, needles: readonly Needle[]): number {
  let longest = 0
  for (const needle of needles) {
    let matched = 0
    const earliest = Math.max(from, text.length - needle.text.length + 1)
    for (let at = earliest; at < text.length; at += 1) {
      matched = advance(needle, matched, text.charCodeAt(at))
    }
    longest = Math.max(longest, matched)
  }
  return text.length - longest
}

/** How much of the needle is matched after one more character. */
function advance({ text, borders }: Needle, before: number, code: number): number {
  let matched = before
  while (matched > 0 && text.charCodeAt(matched) !== code) matched = borders[matched - 1] ?? 0
  return text.charCodeAt(matched) === code ? matched + 1 : matched
}
