import type { SubletError } from '../../main/domain/errors.ts'
import type { Follow, FollowReader, OpenStream } from '../follow.ts'

const pauseMs = 3_000

/**
 * Follows a stream for as long as the window lives, also after the engine has broken it: what is
 * always in sight must not stand still because of one mistake. Each problem is told.
 */
export function followAlways<S, E>(
  follow: Follow,
  open: OpenStream<S, E>,
  reader: Omit<FollowReader<S, E>, 'end' | 'problem'> & {
    readonly problem: (error: SubletError) => void
  },
): void {
  const begin = (): void => {
    follow(open, {
      ...reader,
      problem: (error) => {
        reader.problem(error)
        setTimeout(begin, pauseMs)
      },
    })
  }
  begin()
}
