import { SubletError } from '../domain/errors.ts'
import type { Api } from './api.ts'
import type { Io } from './io.ts'
import { readSecretValue } from './read-secret-value.ts'

type ProviderForm = Awaited<ReturnType<Api['accounts']['providers']>>[number]

/**
 * Values for a provider's fields: from its environment variables, from `--set` (never secrets),
 * from the terminal, or the one secret from standard input.
 */
export async function accountValues(
  io: Io,
  provider: ProviderForm,
  options: { readonly fromEnv?: boolean; readonly set?: Readonly<Record<string, string>> },
): Promise<Record<string, string>> {
  const given = options.set ?? {}
  refuseWrongSets(provider, given)
  const values: Record<string, string> = {}
  let stdinTaken = false
  for (const field of provider.fields) {
    const fromEnv =
      field.environmentVariable === null ? undefined : io.env[field.environmentVariable]
    const set = given[field.name]
    if (set !== undefined) values[field.name] = set
    else if (options.fromEnv === true) {
      if (fromEnv === undefined || fromEnv === '') {
        if (field.optional) continue
        throw new SubletError(
          'invalid',
          `${field.label} is not in the environment: set ${field.environmentVariable ?? 'it with --set'}, or leave --from-env out.`,
        )
      }
      values[field.name] = fromEnv
    } else if (field.secret) {
      if (!io.stdinIsTty && stdinTaken) {
        if (field.optional) continue
        throw oneSecretOnly(provider)
      }
      stdinTaken = true
      if (io.stdinIsTty) explain(io, field)
      const value = await readSecretValue(io, question(field), field.optional)
      if (value !== '') values[field.name] = value
    } else if (io.canAsk) {
      explain(io, field)
      values[field.name] = ((await io.ask(question(field))) ?? '').trim()
    } else if (!field.optional) {
      throw new SubletError(
        'confirmation-needed',
        `${field.label} is needed and there is no terminal to ask on: add --set ${field.name}=VALUE.`,
      )
    }
  }
  return values
}

const question = ({ label, optional }: ProviderForm['fields'][number]): string =>
  `${label}${optional ? ' (may be empty)' : ''}: `

function explain(io: Io, field: ProviderForm['fields'][number]): void {
  io.out(`${field.help}${field.link === null ? '' : ` ${field.link}`}\n`)
}

function refuseWrongSets(provider: ProviderForm, given: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(given)) {
    const field = provider.fields.find((one) => one.name === name)
    if (!field) {
      throw new SubletError(
        'invalid',
        `${provider.name} has no field "${name}": it has ${provider.fields.map((one) => one.name).join(', ') || 'none'}.`,
      )
    }
    if (field.secret) {
      throw new SubletError(
        'invalid',
        `${field.label} is secret and others can read arguments: leave --set ${name} out and type it, pass it on standard input, or use --from-env.`,
      )
    }
  }
}

function oneSecretOnly(provider: ProviderForm): SubletError {
  return new SubletError(
    'invalid',
    `${provider.name} needs several secrets and standard input carries one: use a terminal or --from-env.`,
  )
}
