import type { Command } from 'commander'
import type { CliContext } from '../context.ts'
import { collected, pairs, positiveNumber, wholeNumber } from '../parse-flags.ts'
import { runJob } from '../run/run-job.ts'
import type { RunOptions } from '../run/run-options.ts'

/** `sublet run`. */
export function addRun(program: Command, context: CliContext): void {
  program
    .command('run')
    .description('rent a machine, run a job on it, bring the results home, and give it back')
    .usage('[JOB.yaml] [options] [-- ARGS for the script]')
    .argument('[job]', 'a job file, or a folder or script to run')
    .option('--script <path>', 'script, notebook, executable or folder to run')
    .option(
      '--data <path>',
      'input file or folder, seen below $SUBLET_DATA (repeatable)',
      collected,
    )
    .option('--output <dir>', 'local folder for the results (default: sublet-output/NAME)')
    .option('--command <str>', 'command line to run, where it is not just the script')
    .option('--setup <str>', 'command on the machine before the job (repeatable)', collected)
    .option('--image <ref>', 'container image to run in')
    .option('--provider <id>', 'only this provider')
    .option('--account <name>', 'only this account')
    .option('--host <name>', 'an own host (sublet hosts add)')
    .option('--region <r>', 'only this region')
    .option('--gpu <name>', 'GPU model, for example H100 or "RTX 4090"')
    .option('--min-vram <gib>', 'least memory of one GPU, in GiB', positiveNumber)
    .option('--gpus <n>', 'GPUs in the machine; 0 for none', wholeNumber(0, 64))
    .option('--max-price <usd>', 'most that the machine may cost per hour, in USD')
    .option('--spot', 'take spot machines, which may be reclaimed')
    .option('--budget <usd>', 'most that the job may cost, in USD')
    .option('--max-duration <time>', 'longest run, for example 2h')
    .option('--keep-warm <time>', 'keep the machine for the next job, for example 10m; 0 never')
    .option(
      '--mirror <on|off|time>',
      'copy results home while the job runs; a time is the interval, for example 2m',
    )
    .option(
      '--results <way>',
      'home, bucket (sublet bucket), or auto: the bucket if home takes long',
    )
    .option('--output-size <size>', 'how much the results will be, for example 12GB')
    .option('--env <k=v>', 'environment variable of the job (repeatable)', pairs)
    .option('--secret <name>', 'secret that the job sees as a variable (repeatable)', collected)
    .option('--name <str>', 'what the job is called')
    .option('--project <str>', 'groups jobs in the ledger')
    .option('--tag <k=v>', 'tag of the job (repeatable)', pairs)
    .option('--detach', 'return once the job is submitted')
    .option('--yes', 'accept the ceiling without a question')
    .option('--accept-no-lease', 'accept a machine that does not stop by itself')
    .option('--json', 'one JSON event a line')
    .addHelpText(
      'after',
      `
Examples:
  sublet run --script train.py --data ./images --gpu A100 --max-duration 2h
  sublet run sublet.yaml --budget 5 --yes
  sublet run --script train.py --spot --max-price 1.20 -- --epochs 30
  sublet run --host lab --command "python3 -m mypackage" --script .

Exit code: the job's own; 120 usage, 121 no matching offer, 122 account or provider,
123 stopped by budget, lease or duration, 124 engine, 130 cancelled.`,
    )
    .action((target: string | undefined, options: RunOptions) => runJob(context, target, options))
}
