/** A part of a text: `to` is the first index after it. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Where any of `values` lies in `text`, from left to right and without overlap; where two begin at
 * one place, the one that stands first in `values`. No pattern: a secret may be larger than the
 * largest that a regular expression takes.
 */
export function* occurrences(text: string, values: readonly string[]): Generator<Span> {
  const next = values.map((value) => text.indexOf(value))
  for (let at = 0; ;) {
    let found: Span | null = null
    for (const [index, value] of values.entries()) {
      let from = next[index] ?? -1
      if (from === -1) continue
      if (from < at) {
        from = text.indexOf(value, at)
        next[index] = from
      }
      if (from !== -1 && (found === null || from < found.from)) {
        found = { from, to: from + value.length }
      }
    }
    if (found === null) return
    yield found
    at = found.to
  }
}
