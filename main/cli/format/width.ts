const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const sequence = /\u001b\[[0-9;:]*m/g

/** Columns that text takes on a terminal; colours take none. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text.replace(sequence, '')) width += characterWidth(character)
  return width
}

/** The text cut to at most `columns`, ending in `…` where something was lost. Colours are dropped then. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let cut = ''
  let width = 0
  for (const character of text.replace(sequence, '')) {
    const next = characterWidth(character)
    if (width + next > columns - 1) break
    cut += character
    width += next
  }
  return columns < 1 ? '' : `${cut}…`
}

/** Pads to a width, on the left for figures. */
export function padTo(text: string, columns: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, columns - widthOf(text)))
  return side === 'left' ? space + text : text + space
}

function characterWidth(character: string): number {
  if (/\p{Mn}/u.test(character)) return 0
  if (character === '\t') return 4
  return wide.test(character) ? 2 : 1
}
