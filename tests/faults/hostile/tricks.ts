import { answerTricks } from './answer-tricks.ts'
import { linkTricks, pathTricks } from './path-tricks.ts'
import { sftpTricks, sizeTricks } from './size-tricks.ts'
import { sshTricks } from './ssh-tricks.ts'
import { streamTricks } from './stream-tricks.ts'
import type { Tricks } from './trick.ts'

/** Every trick by the user name that plays it. A new entry is a new injection. */
export const tricks: Tricks = {
  ...pathTricks,
  ...linkTricks,
  ...sizeTricks,
  ...sftpTricks,
  ...streamTricks,
  ...answerTricks,
  ...sshTricks,
}
