import type { Command } from 'commander'
import { SubletError } from '../../domain/errors.ts'
import { formatAge, formatMicrosPerHour } from '../../domain/format.ts'
import { sumMicros } from '../../domain/money.ts'
import { type CliContext, engineAndEnvironment, say, sayJson } from '../context.ts'
import { inertLine } from '../format/inert.ts'
import { tableLines } from '../format/table.ts'
import { simulatedProviders } from '../simulated-providers.ts'

/** `sublet instances` and `sublet instances release`. */
export function addInstances(program: Command, context: CliContext): void {
  const instances = program
    .command('instances')
    .description('everything on your accounts that costs money now, ours or not')
    .option('--json', 'a JSON array')
    .addHelpText('after', '\nExamples:\n  sublet instances\n  sublet instances release sublet-01k9')
    .action((options: { json?: boolean }) => list(context, options.json === true))
  instances
    .command('release')
    .description('end one machine of this home now; its receipt follows')
    .argument('<rental>', 'rental id, or its beginning')
    .action((word: string) => release(context, word))
}

async function list(context: CliContext, json: boolean): Promise<void> {
  const { api, environment } = await engineAndEnvironment(context)
  const { billables, problems } = await api.instances.list({ environment })
  for (const problem of problems) context.io.err(`sublet: ${inertLine(problem)}\n`)
  if (json) {
    sayJson(context, billables)
    return
  }
  if (billables.length === 0) {
    say(
      context,
      problems.length === 0
        ? 'Nothing costs money now.'
        : 'Nothing was found on the accounts that answered.',
    )
    return
  }
  const simulated = await simulatedProviders(api)
  const now = context.io.now()
  const lines = tableLines(billables, [
    { title: 'NAME', value: (one) => inertLine(one.rentalId ?? (one.name || one.nativeId)) },
    { title: 'KIND', value: (one) => one.kind },
    { title: 'STATE', value: (one) => inertLine(one.state) },
    {
      title: 'PRICE',
      right: true,
      value: (one) => (one.microsPerHour === null ? '' : formatMicrosPerHour(one.microsPerHour)),
    },
    {
      title: 'STARTED',
      value: (one) => (one.createdAt === null ? '' : formatAge(one.createdAt, now)),
    },
    { title: 'PROVIDER', value: (one) => one.providerId },
    { title: 'REGION', value: (one) => inertLine(one.region) },
    {
      title: 'WHOSE',
      value: (one) =>
        one.ours ? 'ours' : one.rentalId === null ? "a stranger's" : 'of another Sublet',
    },
    { title: 'JOB', value: (one) => one.jobId ?? '' },
    { title: '', value: (one) => (simulated.has(one.providerId) ? '(simulated)' : '') },
  ])
  for (const line of lines) say(context, line)
  const total = sumMicros(billables.map((one) => one.microsPerHour ?? 0))
  say(context, `Together ${formatMicrosPerHour(total)}.`)
}

async function release(context: CliContext, word: string): Promise<void> {
  const { api, environment } = await engineAndEnvironment(context)
  const { billables } = await api.instances.list({ environment })
  const ids = [...new Set(billables.flatMap((one) => one.rentalId ?? []))]
  const fits = ids.filter((id) => id.startsWith(word))
  const [rentalId] = fits
  if (rentalId === undefined || fits.length > 1) {
    throw new SubletError(
      fits.length > 1 ? 'invalid' : 'not-found',
      fits.length > 1
        ? `"${word}" begins the ids of ${fits.length} machines: give more of it.`
        : `There is no machine ${word} of Sublet's: "sublet instances" lists them.`,
    )
  }
  await api.instances.release({ rentalId })
  say(context, `Releasing ${rentalId}; "sublet watch --until-idle" waits for its receipt.`)
}
