import type { Command } from 'commander'
import { rentalIdSchema } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import { type CliContext, say, sayJson } from '../context.ts'
import { resolveJobId } from '../resolve-job.ts'
import { receiptLines } from '../words/receipt-words.ts'

/** `sublet receipt`. */
export function addReceipt(program: Command, context: CliContext): void {
  program
    .command('receipt')
    .description('the proof that a machine is gone: what its provider was asked and answered')
    .argument('<job|rental>', 'a job (id, its beginning, or name), or the id of a machine')
    .option('--json', 'a JSON array, a machine an element')
    .addHelpText(
      'after',
      '\nExamples:\n  sublet receipt train\n  sublet receipt sublet-01k9… --json',
    )
    .action((word: string, options: { json?: boolean }) => receipt(context, word, options))
}

async function receipt(
  context: CliContext,
  word: string,
  options: { readonly json?: boolean },
): Promise<void> {
  const api = await context.engine.api()
  const rental = rentalIdSchema.safeParse(word)
  const { rentals } = await api.ledger.receipts(
    rental.success ? { rentalId: rental.data } : { jobId: await resolveJobId(api, word) },
  )
  if (options.json === true) {
    sayJson(context, rentals)
    return
  }
  if (rentals.length === 0) {
    throw new SubletError('not-found', `Nothing was rented for ${word}, so there is no receipt.`)
  }
  for (const line of receiptLines(rentals, context.io.now())) say(context, line)
}
