import { useState } from 'react'
import { toSubletError } from '../../main/domain/errors.ts'

/** What a form or dialog does once it is confirmed: under way, done, or why not. */
export interface Attempt {
  readonly busy: boolean
  /** Why it did not work, in a sentence for the user. */
  readonly problem: string | null
  readonly setProblem: (sentence: string | null) => void
  /** Answers whether it was done; a failure stands in `problem` until the next try. */
  readonly attempt: (task: () => Promise<void>) => Promise<boolean>
}

/** One for every form or dialog; its button is `busy` meanwhile. */
export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const attempt = async (task: () => Promise<void>): Promise<boolean> => {
    setBusy(true)
    setProblem(null)
    try {
      await task()
      return true
    } catch (thrown) {
      setProblem(toSubletError(thrown).message)
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, setProblem, attempt }
}
