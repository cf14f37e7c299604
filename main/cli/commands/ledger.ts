import type { Command } from 'commander'
import { formatDuration, formatMicros, formatTime } from '../../domain/format.ts'
import { SubletError } from '../../domain/errors.ts'
import { sumMicros } from '../../domain/money.ts'
import { type CliContext, say, sayJson } from '../context.ts'
import { inertLine } from '../format/inert.ts'
import { tableLines } from '../format/table.ts'
import { cutTo } from '../format/width.ts'
import { resolveJobId } from '../resolve-job.ts'

interface LedgerOptions {
  readonly job?: string
  readonly from?: string
  readonly to?: string
  readonly json?: boolean
}

/** `sublet ledger`. */
export function addLedger(program: Command, context: CliContext): void {
  program
    .command('ledger')
    .description('what was spent: every entry, and the sum')
    .option('--job <job>', 'only this job')
    .option('--from <date>', 'from this day on, as 2026-03-01')
    .option('--to <date>', 'before this day')
    .option('--json', '{entries, totalMicros}')
    .addHelpText(
      'after',
      '\nExamples:\n  sublet ledger\n  sublet ledger --from 2026-03-01 --json\n\n"sublet receipt JOB" shows the proof behind a line.',
    )
    .action((options: LedgerOptions) => ledger(context, options))
}

async function ledger(context: CliContext, options: LedgerOptions): Promise<void> {
  const from = options.from === undefined ? {} : { from: dayStart(options.from, '--from') }
  const to = options.to === undefined ? {} : { to: dayStart(options.to, '--to') }
  const api = await context.engine.api()
  const job = options.job === undefined ? {} : { jobId: await resolveJobId(api, options.job) }
  const { entries, totalMicros } = await api.ledger.list({ ...from, ...to, ...job })
  if (options.json === true) {
    sayJson(context, { entries, totalMicros })
    return
  }
  if (entries.length === 0) {
    say(context, 'Nothing was spent yet.')
    return
  }
  const lines = tableLines(entries, [
    { title: 'FROM', value: (entry) => formatTime(entry.from) },
    { title: 'FOR', right: true, value: (entry) => formatDuration(entry.to - entry.from) },
    { title: 'JOB', value: (entry) => cutTo(inertLine(entry.jobName ?? ''), 30) },
    { title: 'GPU', value: (entry) => inertLine(entry.gpu ?? '') },
    { title: 'PROVIDER', value: (entry) => entry.providerId },
    { title: 'PART', value: (entry) => entry.part },
    { title: 'COST', right: true, value: (entry) => formatMicros(entry.micros) },
    {
      title: 'ESTIMATE',
      right: true,
      value: (entry) => (entry.estimateMicros === null ? '' : formatMicros(entry.estimateMicros)),
    },
    { title: 'STATUS', value: (entry) => entry.status },
    {
      title: 'RECEIPT',
      value: ({ receiptAt }) => (receiptAt === null ? 'none yet' : formatTime(receiptAt)),
    },
    { title: '', value: (entry) => (entry.simulated ? '(simulated)' : '') },
  ])
  for (const line of lines) say(context, line)
  const simulated = sumMicros(
    entries.filter((entry) => entry.simulated).map((entry) => entry.micros),
  )
  const note = simulated === 0 ? '' : ` (${formatMicros(simulated)} of it simulated)`
  say(context, `Total ${formatMicros(totalMicros)}${note}.`)
}

function dayStart(text: string, flag: string): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  const at = match
    ? new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
    : new Date(Number.NaN)
  const real = at.getMonth() + 1 === Number(match?.[2]) && at.getDate() === Number(match?.[3])
  if (!real) {
    throw new SubletError('invalid', `${flag} "${text}" is not a day: write it as 2026-03-01.`)
  }
  return at.getTime()
}
