import type { Command } from 'commander'
import { SubletError } from '../../domain/errors.ts'
import { formatTime } from '../../domain/format.ts'
import { readSecretValue } from '../read-secret-value.ts'
import { type CliContext, say, sayJson } from '../context.ts'
import { tableLines } from '../format/table.ts'

/** `sublet secrets`. */
export function addSecrets(program: Command, context: CliContext): void {
  const secrets = program
    .command('secrets')
    .description('secrets that jobs may see by name (HF_TOKEN, WANDB_API_KEY)')
    .addHelpText(
      'after',
      '\nExamples:\n  sublet secrets set HF_TOKEN\n  pass show hf | sublet secrets set HF_TOKEN\n  sublet run --script train.py --secret HF_TOKEN',
    )
  secrets
    .command('set')
    .description('store a secret; its value is asked without echo, or read from standard input')
    .argument('<name>', 'name of the variable')
    .action(async (name: string) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        throw new SubletError(
          'invalid',
          // What stands here may be a secret itself (NAME=VALUE): it is not repeated.
          'The name of a secret has letters, digits and _ only; its value is asked for, never an argument.',
        )
      }
      const value = await readSecretValue(context.io, `Value of ${name}: `)
      const api = await context.engine.api()
      const kept = await api.secrets.set({ name, value })
      say(context, `${name} is stored. ${kept.sentence}`)
    })
  secrets
    .command('list')
    .description('names only')
    .option('--json', 'a JSON array')
    .action(async (options: { json?: boolean }) => {
      const list = await (await context.engine.api()).secrets.list({})
      if (options.json === true) sayJson(context, list)
      else if (list.length === 0) say(context, 'No secrets: "sublet secrets set NAME" stores one.')
      else {
        const lines = tableLines(list, [
          { title: 'NAME', value: (one) => one.name },
          { title: 'SET', value: (one) => formatTime(one.setAt) },
        ])
        for (const line of lines) say(context, line)
      }
    })
  secrets
    .command('remove')
    .argument('<name>')
    .description('forget a secret')
    .action(async (name: string) => {
      await (await context.engine.api()).secrets.remove({ name })
      say(context, `${name} is removed.`)
    })
}
