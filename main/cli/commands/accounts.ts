import type { Command } from 'commander'
import { SubletError } from '../../domain/errors.ts'
import { didYouMean } from '../../domain/nearest.ts'
import { formatMicros } from '../../domain/format.ts'
import { accountValues } from '../account-values.ts'
import type { Api } from '../api.ts'
import { type CliContext, engineAndEnvironment, say, sayJson } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { inertLine } from '../format/inert.ts'
import { tableLines } from '../format/table.ts'
import { pairs } from '../parse-flags.ts'

interface AddAccountOptions {
  readonly name?: string
  readonly fromEnv?: boolean
  readonly policy?: boolean
  readonly set?: Readonly<Record<string, string>>
}

/** `sublet accounts`. */
export function addAccounts(program: Command, context: CliContext): void {
  const accounts = program
    .command('accounts')
    .description('your accounts at providers; keys stay in the keychain')
    .addHelpText(
      'after',
      '\nExamples:\n  sublet accounts add sandbox\n  sublet accounts add runpod --from-env\n  sublet accounts check runpod',
    )
  accounts
    .command('add')
    .description(
      'add an account; secret fields are asked without echo, or read from standard input',
    )
    .argument('<provider>', 'id of the provider')
    .option('--name <name>', 'what the account is called (default: the provider)')
    .option('--from-env', "take the values from the provider's usual environment variables")
    .option('--set <field=value>', 'a field that is not secret (repeatable)', pairs)
    .option('--policy', 'add nothing; print the least rights that the provider has to give')
    .action((providerId: string, options: AddAccountOptions) => add(context, providerId, options))
  accounts
    .command('list')
    .description('your accounts')
    .option('--json', 'a JSON array')
    .action((options: { json?: boolean }) => list(context, options.json === true))
  accounts
    .command('check')
    .description('ask the provider whether an account works')
    .argument('<account>', 'name or id')
    .action(async (word: string) => {
      const { api, environment } = await engineAndEnvironment(context)
      const accountId = await accountOf(api, word)
      sayStatus(context, await api.accounts.check({ accountId, environment }))
    })
  accounts
    .command('remove')
    .description('forget an account and its keys')
    .argument('<account>', 'name or id')
    .action(async (word: string) => {
      const api = await context.engine.api()
      await api.accounts.remove({ accountId: await accountOf(api, word) })
      say(context, `The account ${inertLine(word)} is removed.`)
    })
}

async function add(
  context: CliContext,
  providerId: string,
  options: AddAccountOptions,
): Promise<void> {
  const api = await context.engine.api()
  const providers = await api.accounts.providers({})
  const provider = providers.find((one) => one.id === providerId)
  if (!provider) {
    const ids = providers.map((one) => one.id)
    const hint = didYouMean(providerId, ids)
    throw new SubletError(
      'not-found',
      `There is no provider "${providerId}"${hint === '' ? `: there are ${ids.join(', ')}.` : hint}`,
    )
  }
  if (options.policy === true) {
    if (provider.leastPolicy === undefined)
      throw new SubletError('unsupported', `${provider.name} takes no policy: its keys may do all.`)
    say(context, provider.leastPolicy)
    return
  }
  const values = await accountValues(context.io, provider, options)
  const name = options.name ?? providerId
  const status = await api.accounts.add({ providerId, name, values })
  sayStatus(context, status)
}

async function list(context: CliContext, json: boolean): Promise<void> {
  const all = await (await context.engine.api()).accounts.list({})
  if (json) {
    sayJson(context, all)
    return
  }
  if (all.length === 0) {
    say(context, 'No accounts: "sublet accounts add PROVIDER" adds one.')
    return
  }
  const lines = tableLines(all, [
    { title: 'NAME', value: (one) => inertLine(one.name) },
    { title: 'PROVIDER', value: (one) => one.providerId },
    { title: 'KEYS IN', value: (one) => one.secretsIn },
    { title: '', value: (one) => (one.simulated ? '(simulated)' : '') },
    { title: 'ID', value: (one) => one.id },
  ])
  for (const line of lines) say(context, line)
}

/** Says what a check found; an account that does not work sets the exit code. */
export function sayStatus(
  context: CliContext,
  status: { ok: boolean; identity: string; message: string; balanceMicros: number | null },
): void {
  const balance =
    status.balanceMicros === null ? '' : ` Balance ${formatMicros(status.balanceMicros)}.`
  const line = `${inertLine(status.identity)}: ${inertLine(status.message)}${balance}`
  if (status.ok) say(context, context.style.good(line))
  else {
    context.io.err(`sublet: ${line}\n`)
    context.setExitCode(exitCodes.account)
  }
}

async function accountOf(api: Api, word: string): Promise<string> {
  const all = await api.accounts.list({})
  const byId = all.find((one) => one.id === word)
  if (byId) return byId.id
  const named = all.filter((one) => one.name === word)
  if (named.length > 1) {
    throw new SubletError(
      'invalid',
      `Several accounts are called "${word}": give the id (${named.map((one) => one.id).join(', ')}).`,
    )
  }
  if (named[0]) return named[0].id
  const hint = didYouMean(
    word,
    all.map((one) => one.name),
  )
  throw new SubletError(
    'not-found',
    `There is no account "${word}"${hint === '' ? ': "sublet accounts list" shows them.' : hint}`,
  )
}
