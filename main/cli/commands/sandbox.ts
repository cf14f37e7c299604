import type { Command } from 'commander'
import { formatCount, formatMicros } from '../../domain/format.ts'
import { type CliContext, say, sayJson } from '../context.ts'

/** `sublet sandbox`. */
export function addSandbox(program: Command, context: CliContext): void {
  const sandbox = program
    .command('sandbox')
    .description('the built-in practice cloud: simulated machines, no money')
    .addHelpText('after', '\nExamples:\n  sublet sandbox status\n  sublet sandbox stop')
  sandbox
    .command('status')
    .description("machines and bill, from the practice cloud's own meter")
    .option('--json', '{machines, billedMicros, running}')
    .action(async (options: { json?: boolean }) => {
      const status = await (await context.engine.api()).sandbox.status({})
      const { running, machines, billedMicros } = status
      if (options.json === true) {
        sayJson(context, { machines, billedMicros, running })
        return
      }
      const state = running ? 'is running' : 'is not running'
      say(
        context,
        `The practice cloud ${state}: ${formatCount(machines, 'machine')} (simulated), ${formatMicros(billedMicros)} billed in all (simulated).`,
      )
    })
  sandbox
    .command('stop')
    .description('end the practice cloud; refused while machines are rented there')
    .option('--force', 'end it with its machines')
    .action(async (options: { force?: boolean }) => {
      await (await context.engine.api()).sandbox.stop({ force: options.force === true })
      say(context, 'The practice cloud has stopped.')
    })
}
