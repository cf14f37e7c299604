import { exitCodes } from './cli/exit-codes.ts'
import { processIo } from './cli/process-io.ts'
import { runCli } from './cli/run-cli.ts'
import { connectEngine } from './engine/connect.ts'
import { subletVersion } from './engine/version.ts'

// The command line host: this process's terminal, and the engine of the home.
const version = subletVersion()
process.on('uncaughtException', (error) => {
  const message = error.message.split('\n')[0] ?? ''
  process.stderr.write(
    `sublet: Something went wrong in Sublet itself (${message}); please report this. Jobs go on.\n`,
  )
  process.exit(exitCodes.engine)
})
const ignoreClosedPipe = (error: NodeJS.ErrnoException): void => {
  // `sublet logs … | head` ends the reader first, which is no failure. The demo goes on unseen, to
  // take everything away that it made.
  if (error.code !== 'EPIPE') throw error
  if (process.argv[2] !== 'demo') process.exit(0)
}
process.stdout.on('error', ignoreClosedPipe)
process.stderr.on('error', ignoreClosedPipe)

process.exitCode = await runCli(process.argv.slice(2), {
  io: processIo(),
  version,
  connect: (home) =>
    connectEngine({ home, clientVersion: version, role: 'cli', startIfAbsent: true }),
})
