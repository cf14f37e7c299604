const dayMs = 86_400_000

/** Where to go in a log. Lines count from 0 here, and from 1 for the user. */
export type Goal =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'time'; readonly at: number }

/**
 * Reads `12345`, `12,345`, `16:21` or `16:21:04`: a time means the one nearest to `near`, in this
 * computer's zone. Null for anything else.
 */
export function readGoal(text: string, near: number): Goal | null {
  const source = text.trim()
  if (/^\d[\d,.' ]*$/.test(source)) {
    const line = Number(source.replace(/[,.' ]/g, ''))
    return Number.isSafeInteger(line) && line > 0 ? { kind: 'line', line: line - 1 } : null
  }
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(source)
  if (match === null) return null
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
  if (hours > 23 || minutes > 59 || seconds > 59) return null
  const day = new Date(near).setHours(hours, minutes, seconds, 0)
  const nearest = [day - dayMs, day, day + dayMs].sort(
    (a, b) => Math.abs(a - near) - Math.abs(b - near),
  )
  return { kind: 'time', at: nearest[0] ?? day }
}
