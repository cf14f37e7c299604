import type { Command } from 'commander'
import { type CliContext } from '../context.ts'
import { inert } from '../format/inert.ts'
import { resolveJobId } from '../resolve-job.ts'
import { followToEnd } from '../run/follow-to-end.ts'
import { LogPosition } from '../run/log-position.ts'
import { LogLines } from '../views/log-lines.ts'

/** `sublet logs` and `sublet attach`. */
export function addLogs(program: Command, context: CliContext): void {
  program
    .command('logs')
    .description('print the log of a job; to a file or pipe byte for byte')
    .argument('<job>', 'id, beginning of an id, or name')
    .option('-f, --follow', 'go on until the job ends')
    .addHelpText(
      'after',
      '\nExamples:\n  sublet logs train\n  sublet logs -f train | tee train.log',
    )
    .action(async (word: string, options: { follow?: boolean }) => {
      await printLog(context, word, options.follow === true)
    })
  program
    .command('attach')
    .description('follow a job as run does')
    .argument('<job>', 'id, beginning of an id, or name')
    .option('--json', 'one JSON event a line')
    .addHelpText('after', '\nExamples:\n  sublet attach train')
    .action(async (word: string, options: { json?: boolean }) => {
      const api = await context.engine.api()
      const jobId = await resolveJobId(api, word)
      await followToEnd(context, jobId, { json: options.json === true })
    })
}

async function printLog(context: CliContext, word: string, follow: boolean): Promise<void> {
  const { engine, io } = context
  const jobId = await resolveJobId(await engine.api(), word)
  const position = new LogPosition()
  const lines = new LogLines()
  const show = (bytes: Uint8Array): void => {
    if (!io.stdoutIsTty) io.out(bytes)
    else for (const line of lines.push(bytes)) io.out(inert(line.toString('utf8'), io.colour))
  }
  const { signal } = new AbortController()
  await engine.throughLosses(
    async (api) => {
      const stream = await api.jobs.log({ jobId, offset: position.next, follow }, { signal })
      for await (const event of stream.events) {
        show(position.take(event.offset, Buffer.from(event.bytes, 'base64')))
      }
    },
    { signal },
  )
  const rest = lines.take()
  if (rest.length > 0) io.out(`${inert(rest.toString('utf8'), io.colour)}\n`)
}
