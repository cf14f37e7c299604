import type { Command } from 'commander'
import { homeDirectory } from '../../engine/home.ts'
import type { CliContext } from '../context.ts'
import { wholeNumber } from '../parse-flags.ts'

/** `sublet serve`. */
export function addServe(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('open the app in a browser on this computer, by a link that works once')
    .option('--port <number>', 'listen there (default: any free port)', wholeNumber(1, 65_535))
    .option('--no-open', 'only print the link')
    .addHelpText('after', '\nExamples:\n  sublet serve\n  sublet serve --port 7400 --no-open')
    .action(async (options: { port?: number; open: boolean }) => {
      const { io, version } = context
      // Loaded only here: no other command needs a web server.
      const { serveBrowser } = await import('../../serve.ts')
      const home = homeDirectory(io.env)
      await serveBrowser({
        terminal: io,
        home,
        version,
        port: options.port ?? 0,
        open: options.open,
      })
    })
}
