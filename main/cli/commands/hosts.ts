import path from 'node:path'
import type { Command } from 'commander'
import { SubletError } from '../../domain/errors.ts'
import { formatMicrosPerHour } from '../../domain/format.ts'
import { parseUsd } from '../../domain/usd.ts'
import { type CliContext, engineAndEnvironment, say, sayJson } from '../context.ts'
import { inertLine } from '../format/inert.ts'
import { tableLines } from '../format/table.ts'
import { collected } from '../parse-flags.ts'
import { trustedKeys } from '../trusted-keys.ts'
import { sayStatus } from './accounts.ts'

interface AddHostOptions {
  readonly key?: string
  readonly rate?: string
  readonly fingerprint?: readonly string[]
}

/** `sublet hosts`. */
export function addHosts(program: Command, context: CliContext): void {
  const hosts = program
    .command('hosts')
    .description('machines of your own, reached by SSH')
    .addHelpText(
      'after',
      '\nExamples:\n  sublet hosts add lab ada@lab.example.org:2222 --rate 0.40\n  sublet hosts add lab lab-alias --fingerprint SHA256:…\n  sublet run --host lab --script train.py',
    )
  hosts
    .command('add')
    .description('add a host: shows its key, asks, then looks at its GPUs')
    .argument('<name>', 'what you call it')
    .argument('<target>', 'user@host[:port], or an alias of ~/.ssh/config')
    .option('--key <file>', 'private key file (default: your agent and ~/.ssh/config)')
    .option('--rate <usd>', 'what an hour costs, for the ledger')
    .option(
      '--fingerprint <sha256>',
      'trust the key with this fingerprint, without a question',
      collected,
    )
    .action((name: string, target: string, options: AddHostOptions) =>
      add(context, name, target, options),
    )
  hosts
    .command('list')
    .description('your hosts')
    .option('--json', 'a JSON array')
    .action((options: { json?: boolean }) => list(context, options.json === true))
  hosts
    .command('check')
    .description('connect and look at its GPUs')
    .argument('<name>')
    .action(async (name: string) => {
      const { api, environment } = await engineAndEnvironment(context)
      sayStatus(context, await api.hosts.check({ name, environment }))
    })
  hosts
    .command('remove')
    .description('forget a host')
    .argument('<name>')
    .action(async (name: string) => {
      await (await context.engine.api()).hosts.remove({ name })
      say(context, `The host ${inertLine(name)} is removed.`)
    })
}

async function add(
  context: CliContext,
  name: string,
  target: string,
  options: AddHostOptions,
): Promise<void> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new SubletError(
      'invalid',
      `"${inertLine(name)}" cannot name a host: use letters, digits, dot, dash and _, starting with a letter or digit.`,
    )
  }
  const rateMicrosPerHour = options.rate === undefined ? null : parseUsd(options.rate, '--rate')
  const keyFile = options.key === undefined ? null : path.resolve(context.io.cwd, options.key)
  const { api, environment } = await engineAndEnvironment(context)
  const scan = await api.hosts.scan({ target, keyFile, environment })
  const trusted = await trustedKeys(context, scan, options.fingerprint ?? [])
  const status = await api.hosts.add({
    name,
    target,
    keyFile,
    rateMicrosPerHour,
    trusted: [...trusted],
    environment,
  })
  sayStatus(context, status)
  if (status.ok) say(context, `Added. "sublet run --host ${name} --script PATH" runs there.`)
}

async function list(context: CliContext, json: boolean): Promise<void> {
  const all = await (await context.engine.api()).hosts.list({})
  if (json) {
    sayJson(context, all)
    return
  }
  if (all.length === 0) {
    say(context, 'No hosts: "sublet hosts add NAME USER@HOST" adds one.')
    return
  }
  const lines = tableLines(all, [
    { title: 'NAME', value: (one) => inertLine(one.name) },
    {
      title: 'ADDRESS',
      value: (one) => `${inertLine(one.user)}@${inertLine(one.address)}:${one.port}`,
    },
    {
      title: 'RATE',
      right: true,
      value: (one) =>
        one.rateMicrosPerHour === null ? '' : formatMicrosPerHour(one.rateMicrosPerHour),
    },
    { title: 'KEY FILE', value: (one) => inertLine(one.keyFile ?? '') },
    { title: 'HOST KEY', value: (one) => one.fingerprints.join(' ') },
  ])
  for (const line of lines) say(context, line)
}
