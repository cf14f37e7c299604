import type { Command } from 'commander'
import { isEnded } from '../../../preload/contract/job-state.ts'
import { SubletError } from '../../domain/errors.ts'
import { formatCount } from '../../domain/format.ts'
import { priceWords } from '../../domain/radar/notices.ts'
import { type CliContext, engineAndEnvironment, say } from '../context.ts'
import { inertLine } from '../format/inert.ts'
import { resolveJob } from '../resolve-job.ts'
import { nameOf, totalLine } from '../words/billable-words.ts'

interface StopOptions {
  readonly all?: boolean
  readonly discard?: boolean
}

/** `sublet stop`. */
export function addStop(program: Command, context: CliContext): void {
  program
    .command('stop')
    .description('stop a job: collect what is there, then release its machine')
    .argument('[job]', 'id, beginning of an id, or name')
    .option('--all', 'stop every job and release every machine of this home')
    .option('--discard', 'release at once and leave the results behind')
    .addHelpText('after', '\nExamples:\n  sublet stop train\n  sublet stop --all')
    .action(async (word: string | undefined, options: StopOptions) => {
      await stop(context, word, options)
    })
}

async function stop(
  context: CliContext,
  word: string | undefined,
  options: StopOptions,
): Promise<void> {
  const discard = options.discard === true
  if ((word === undefined) === (options.all !== true)) {
    throw new SubletError(
      'invalid',
      'Say which job to stop, or --all for every one: sublet stop JOB.',
    )
  }
  const api = await context.engine.api()
  if (word === undefined) {
    const { jobs, rentals } = await api.jobs.stopAll({ discard })
    const parts = [
      jobs === 0 ? [] : `stopping ${formatCount(jobs, 'job')}`,
      rentals === 0 ? [] : `releasing ${formatCount(rentals, 'machine')}`,
    ].flat()
    const doing = parts.join(' and ').replace(/^./, (letter) => letter.toUpperCase())
    say(
      context,
      parts.length === 0
        ? 'Nothing is running and nothing is rented.'
        : `${doing}; "sublet watch --until-idle" waits for the receipts.`,
    )
    await sayWhatIsLeft(context)
    return
  }
  const job = await resolveJob(api, word)
  if (isEnded(job.state) && job.settled) {
    say(context, `${inertLine(job.name)} has ended already (${job.state}).`)
    return
  }
  await api.jobs.stop({ jobId: job.id, discard })
  say(
    context,
    `Stopping ${inertLine(job.name)}${discard ? ', its results are left behind' : ''}; "sublet attach ${job.id}" shows its end.`,
  )
}

/** What costs money and was not stopped by this: not ours, or not known to be. */
async function sayWhatIsLeft(context: CliContext): Promise<void> {
  const { api, environment } = await engineAndEnvironment(context)
  const { billables, problems } = await api.instances.list({ environment })
  for (const problem of problems) context.io.err(`sublet: ${inertLine(problem)}\n`)
  const left = billables.filter(({ use }) => use === 'unused' || use === 'stranger')
  if (left.length === 0) return
  say(context, 'Not stopped, because it is not known as ours:')
  for (const one of left) {
    say(
      context,
      `  ${nameOf(one)} (${one.kind}, ${inertLine(one.accountName)}): ${priceWords(one)}`,
    )
  }
  say(context, `${totalLine(left)} "sublet instances release NAME" ends one.`)
}
