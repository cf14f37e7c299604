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
