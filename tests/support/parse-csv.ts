/** A strict reader of RFC 4180 for tests: every line ends in CRLF, quotes are doubled. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = []
  let line: string[] = []
  let at = 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) {
        if (at >= text.length) throw new Error('a quoted cell does not end')
        cell += text[at]
        if (text[at] === '"') at += 1
      }
      at += 1
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        cell += text[at]
        at += 1
      }
    }
    line.push(cell)
    if (text[at] === ',') at += 1
    else if (text.startsWith('\r\n', at)) {
      lines.push(line)
      line = []
      at += 2
    } else throw new Error(`no comma and no line end at ${at}`)
    if (text[at - 1] === ',' && (at === text.length || text[at] === '\r')) {
      // The loop ends before an empty last cell.
      line.push('')
      if (text.startsWith('\r\n', at)) {
        lines.push(line)
        line = []
        at += 2
      }
    }
  }
  return lines
}
