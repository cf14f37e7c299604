import { visibleControls } from '../../domain/visible-controls.ts'

const colours = /\u001b\[[0-9;:]*m/g

/**
 * Text of strangers (job logs, names) that can do nothing to a terminal: newlines, tabs and, where
 * `colour` is on, SGR colours stay; every other control character becomes a visible symbol.
 */
export function inert(text: string, colour: boolean): string {
  const kept: string[] = []
  let from = 0
  for (const match of text.matchAll(colours)) {
    kept.push(visibleControls(text.slice(from, match.index)), colour ? match[0] : '')
    from = match.index + match[0].length
  }
  kept.push(visibleControls(text.slice(from)))
  const result = kept.join('')
  // A colour that a line leaves on must not run into Sublet's own lines.
  return colour && from > 0 ? result.replace(/(\r?\n)?$/, '\u001b[0m$1') : result
}

/** One line of a stranger's text for a table or a sentence: no newline, no colour. */
export function inertLine(text: string): string {
  return inert(text.replace(colours, ''), false).replace(/[\n\t]/g, ' ')
}
