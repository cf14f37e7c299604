/**
 * Where `wanted` stands in `text`, first columns in UTF-16 units, without overlaps. Without
 * `caseSensitive`, letters match whatever their case.
 */
export function findText(text: string, wanted: string, caseSensitive: boolean): number[] {
  const columns: number[] = []
  if (wanted === '') return columns
  const [where, what] = caseSensitive ? [text, wanted] : [folded(text), folded(wanted)]
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + what.length)) {
    columns.push(at)
  }
  return columns
}

/** Lower case where that keeps every column in its place. */
function folded(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return Array.from(text, (character) => {
    const one = character.toLowerCase()
    return one.length === character.length ? one : character
  }).join('')
}
