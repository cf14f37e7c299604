import type { Command } from 'commander'
import type { OfferQuery } from '../../../preload/contract/offer.ts'
import { parseUsd } from '../../domain/usd.ts'
import { accountMeant } from '../account-meant.ts'
import { type CliContext, engineAndEnvironment, say, sayJson } from '../context.ts'
import { inertLine } from '../format/inert.ts'
import { positiveNumber, wholeNumber } from '../parse-flags.ts'
import { exitCodes } from '../exit-codes.ts'
import { offerLines } from '../words/offer-lines.ts'

interface OfferOptions {
  readonly provider?: string
  readonly account?: string
  readonly region?: string
  readonly gpu?: string
  readonly minVram?: number
  readonly gpus?: number
  readonly maxPrice?: string
  readonly spot?: boolean
  readonly json?: boolean
}

/** `sublet offers`. */
export function addOffers(program: Command, context: CliContext): void {
  program
    .command('offers')
    .description('what could be rented now, the cheapest first')
    .option('--provider <id>', 'only this provider')
    .option('--account <name>', 'only this account')
    .option('--region <r>', 'only this region')
    .option('--gpu <name>', 'GPU model')
    .option('--min-vram <gib>', 'least memory of one GPU, in GiB', positiveNumber)
    .option('--gpus <n>', 'GPUs in one machine; 0 shows those without too', wholeNumber(0, 64))
    .option('--max-price <usd>', 'most per hour, in USD')
    .option('--spot', 'only spot machines')
    .option('--json', 'a JSON array')
    .addHelpText(
      'after',
      '\nExamples:\n  sublet offers --gpu H100\n  sublet offers --min-vram 40 --max-price 2 --json',
    )
    .action((options: OfferOptions) => offers(context, options))
}

async function offers(context: CliContext, options: OfferOptions): Promise<void> {
  const maxPrice =
    options.maxPrice === undefined ? undefined : parseUsd(options.maxPrice, '--max-price')
  const { api, environment } = await engineAndEnvironment(context)
  const accounts = await api.accounts.list({})
  const accountId = accountMeant(accounts, options)
  const query: OfferQuery = Object.fromEntries(
    Object.entries({
      providerId: options.provider,
      accountId,
      region: options.region,
      gpuName: options.gpu,
      minVramGiB: options.minVram,
      gpus: options.gpus,
      maxMicrosPerHour: maxPrice,
      spot: options.spot,
    }).filter(([, value]) => value !== undefined),
  )
  const answer = await api.offers.list({ query, environment })
  const sorted = answer.offers.toSorted((a, b) => a.microsPerHour - b.microsPerHour)
  if (sorted.length === 0) context.setExitCode(exitCodes.noOffer)
  for (const source of answer.sources) {
    if (!source.ok) context.io.err(`sublet: ${inertLine(source.sentence)}\n`)
  }
  if (options.json === true) {
    sayJson(context, sorted)
    return
  }
  if (sorted.length === 0) {
    say(
      context,
      'No offer fits: ask for less, or "sublet offers" without flags shows all there are.',
    )
    return
  }
  for (const line of offerLines(sorted, accounts, context.io.now())) say(context, line)
  const dropped = answer.sources.reduce((sum, source) => sum + source.dropped, 0)
  if (dropped > 0) say(context, `${dropped} implausible prices are not shown.`)
}
