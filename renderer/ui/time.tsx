import { formatAge, formatTime } from '../../main/domain/format.ts'
import { useNow } from './now.ts'

/** `18:05 UTC+1`, with the date when it is not today. */
export function ClockTime({
  at,
  seconds = false,
}: {
  readonly at: number
  readonly seconds?: boolean
}) {
  const now = useNow()
  return <time dateTime={new Date(at).toISOString()}>{formatTime(at, { near: now, seconds })}</time>
}

/** `2 min ago`, growing; the exact time in its tooltip. */
export function Age({ at }: { readonly at: number }) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={formatTime(at, { seconds: true })}>
      {formatAge(at, now)}
    </time>
  )
}
