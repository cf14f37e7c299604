import type { Command } from 'commander'
import { SubletError } from '../../domain/errors.ts'
import { nameToType } from '../../domain/radar/judge.ts'
import { type CliContext, engineAndEnvironment, say, sayJson } from '../context.ts'
import { inertLine } from '../format/inert.ts'
import { type Instance, instanceLines, nameOf } from '../words/billable-words.ts'

interface ReleaseOptions {
  readonly name?: string
  readonly kind?: string
}

/** `sublet instances` and `sublet instances release`. */
export function addInstances(program: Command, context: CliContext): void {
  const instances = program
    .command('instances')
    .description('everything on your accounts that costs money now, ours or not')
    .option('--json', 'a JSON array')
    .addHelpText(
      'after',
      '\nExamples:\n  sublet instances\n  sublet instances release sublet-01k9\n  sublet instances release i-0abc --name old-box',
    )
    .action((options: { json?: boolean }) => list(context, options.json === true))
  instances
    .command('release')
    .description('end one thing now: ours with its receipt, anything else by its name, typed')
    .argument('<what>', 'rental id or its beginning, or name or id at the provider')
    .option('--name <name>', 'the name of what is not ours, instead of typing it when asked')
    .option('--kind <kind>', 'machine, disk, address …, where several have the same id')
    .action((word: string, options: ReleaseOptions) => release(context, word, options))
}

async function list(context: CliContext, json: boolean): Promise<void> {
  const { api, environment } = await engineAndEnvironment(context)
  const found = await api.instances.list({ environment })
  for (const problem of found.problems) context.io.err(`sublet: ${inertLine(problem)}\n`)
  if (json) {
    sayJson(context, found.billables)
    return
  }
  if (found.billables.length === 0) {
    say(
      context,
      found.problems.length === 0
        ? 'Nothing costs money now.'
        : 'Nothing was found on the accounts that answered.',
    )
    return
  }
  for (const line of instanceLines(found, context.io.now())) say(context, line)
}

async function release(context: CliContext, word: string, options: ReleaseOptions): Promise<void> {
  const { api, environment } = await engineAndEnvironment(context)
  const { billables } = await api.instances.list({ environment })
  const one = choose(billables, word, options.kind)
  if (one.release === 'elsewhere') throw new SubletError('unsupported', one.releaseSentence)
  if (one.release === 'now' && one.rentalId !== null) {
    await api.instances.release({ rentalId: one.rentalId })
    say(context, `Releasing ${one.rentalId}; "sublet watch --until-idle" waits for its receipt.`)
    return
  }
  const typedName = options.name ?? (await typed(context, one))
  const { accountId, kind, nativeId } = one
  const ended = await api.instances.releaseStranger({
    accountId,
    kind,
    nativeId,
    typedName,
    environment,
  })
  say(context, inertLine(ended.sentence))
}

/** What is not ours ends only by its name: asked for where somebody types. */
async function typed(context: CliContext, one: Instance): Promise<string> {
  const name = inertLine(nameToType(one))
  if (!context.io.canAsk) {
    throw new SubletError(
      'confirmation-needed',
      `${name} is not known as ours: add --name with its name to release it. ${one.releaseSentence}`,
    )
  }
  say(context, inertLine(one.releaseSentence))
  return (await context.io.ask(`Type ${name} to release it: `)) ?? ''
}

/** One thing, by the id of its rental or the beginning of it, by its name, or by the provider's id. */
function choose(all: readonly Instance[], word: string, wanted: string | undefined): Instance {
  const billables = all.filter(({ kind }) => wanted === undefined || kind === wanted)
  const exact = billables.filter(({ nativeId }) => nativeId === word)
  const [known] = exact
  if (exact.length > 1) {
    throw new SubletError(
      'invalid',
      `"${word}" is the id of ${exact.length} things: say which with --kind (${exact.map((one) => `${one.kind}: ${nameOf(one)} on ${inertLine(one.accountName)}`).join(', ')}).`,
    )
  }
  if (known !== undefined) return known
  const fits = billables.filter(
    ({ name, rentalId }) => name === word || (word !== '' && rentalId?.startsWith(word) === true),
  )
  // A machine of ours and what belongs to it go together.
  const ours = fits.filter((one) => one.ours)
  const [only] = ours.length > 0 ? ours : fits
  const rentals = new Set(ours.map(({ rentalId }) => rentalId))
  const several = ours.length > 0 ? rentals.size > 1 : fits.length > 1
  if (only === undefined) {
    throw new SubletError(
      'not-found',
      `There is no ${word} on your accounts: "sublet instances" lists what there is.`,
    )
  }
  if (several) {
    throw new SubletError(
      'invalid',
      `"${word}" means ${fits.length} things: give more of it, or the provider's id (${fits.map((one) => `${nameOf(one)}: ${inertLine(one.nativeId)}`).join(', ')}).`,
    )
  }
  return only
}
