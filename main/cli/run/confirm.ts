import type { Proposal } from '../../../preload/contract/proposal.ts'
import { SubletError } from '../../domain/errors.ts'
import type { CliContext } from '../context.ts'
import { verdictWords } from '../words/proposal-words.ts'
import type { RunOptions } from './run-options.ts'

/**
 * The user's yes. Answers whether a machine that does not stop by itself was accepted; fails with
 * `confirmation-needed` where nobody can be asked, and with `cancelled` on a no.
 */
export async function confirmRun(
  context: CliContext,
  proposal: Proposal,
  options: RunOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const canAsk = context.io.canAsk && options.json !== true
  if (options.yes !== true) {
    if (!canAsk) {
      throw new SubletError(
        'confirmation-needed',
        'Renting needs a yes and there is no terminal to ask on: add --yes to accept the ceiling.',
      )
    }
    const answer = await context.io.ask('Rent it? [y/N] ', signal)
    if (!isYes(answer)) throw new SubletError('cancelled', 'Nothing was rented.')
  }
  if (proposal.verdict.stopsByItself || options.acceptNoLease === true) {
    return options.acceptNoLease === true
  }
  if (!canAsk) {
    throw new SubletError(
      'confirmation-needed',
      `This machine would not end without this computer (${verdictWords(proposal.verdict, context.io.now())}): add --accept-no-lease to rent it all the same.`,
    )
  }
  const answer = await context.io.ask(
    'It would go on costing money if this computer dies. Rent it all the same? [y/N] ',
    signal,
  )
  if (!isYes(answer)) throw new SubletError('cancelled', 'Nothing was rented.')
  return true
}

/** Whether an answer is a yes; everything else is a no. */
export function isYes(answer: string | null): boolean {
  return /^\s*y(es)?\s*$/i.test(answer ?? '')
}
