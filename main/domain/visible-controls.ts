/**
 * Replaces every control character of a stranger's text but newline and tab by a visible symbol,
 * and marks of writing direction by a replacement character.
 */
export function visibleControls(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => {
      const code = character.charCodeAt(0)
      if (code === 0x7f) return '\u2421'
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd'
    },
  )
}

/** The longest sentence that is made of a stranger's words. */
const longestSentence = 1_200

/**
 * A sentence that may hold a stranger's words (a machine's complaint, a provider's message) as one
 * line that is inert in a terminal, a notification, a window title and a log, and not endless.
 */
export function inertSentence(text: string): string {
  // What is beyond is not looked at: a complaint may be megabytes long.
  const start = text.slice(0, longestSentence + 1)
  const line = visibleControls(start.trim().replaceAll(/[\r\n\t]+/g, ' '))
  return text.length > longestSentence ? `${line.slice(0, longestSentence - 1)}\u2026` : line
}
