import { Command } from 'commander'
import { addAccounts } from './commands/accounts.ts'
import { addBucket } from './commands/bucket.ts'
import { addBudgets } from './commands/budgets.ts'
import { addCompletion } from './commands/completion.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEngine } from './commands/engine.ts'
import { addHosts } from './commands/hosts.ts'
import { addInstances } from './commands/instances.ts'
import { addJobs } from './commands/jobs.ts'
import { addLedger } from './commands/ledger.ts'
import { addLogs } from './commands/logs.ts'
import { addMachineAccess } from './commands/machine-access.ts'
import { addOffers } from './commands/offers.ts'
import { addReceipt } from './commands/receipt.ts'
import { addRun } from './commands/run.ts'
import { addSandbox } from './commands/sandbox.ts'
import { addSecrets } from './commands/secrets.ts'
import { addServe } from './commands/serve.ts'
import { addStop } from './commands/stop.ts'
import { addWatch } from './commands/watch.ts'
import type { CliContext } from './context.ts'

/** The command line: every command, its flags and its help. Errors are thrown, never printed here. */
export function createProgram(context: CliContext): Command {
  const program = new Command('sublet')
    .description('Rents a GPU for exactly as long as your job runs, and proves that it is gone.')
    .version(context.version, '-V, --version')
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => context.io.out(text),
      // What commander would print is said once, by whoever catches its error.
      writeErr: () => undefined,
    })
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  sublet demo                                      see it work, without account and money
  sublet serve                                     open the app in a browser
  sublet run --script train.py --gpu A100          rent, run, bring home, give back
  sublet hosts add lab ada@lab.example.org         use a machine that you have
  sublet stop --all                                end everything

"sublet COMMAND --help" says more about each.`,
    )
  addServe(program, context)
  addRun(program, context)
  addJobs(program, context)
  addLogs(program, context)
  addStop(program, context)
  addWatch(program, context)
  addMachineAccess(program, context)
  addOffers(program, context)
  addInstances(program, context)
  addLedger(program, context)
  addReceipt(program, context)
  addBudgets(program, context)
  addBucket(program, context)
  addSecrets(program, context)
  addAccounts(program, context)
  addHosts(program, context)
  addSandbox(program, context)
  addDoctor(program, context)
  addDemo(program, context)
  addEngine(program, context)
  addCompletion(program, context)
  return program
}
