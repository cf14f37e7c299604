import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { SubletError } from '../../domain/errors.ts'
import type { CliContext } from '../context.ts'
import { packageRoot } from '../../engine/package-root.ts'

/** `sublet engine`: in the foreground, for service managers and for looking at its words. */
export function addEngine(program: Command, context: CliContext): void {
  program
    .command('engine')
    .description('run the engine in the foreground (it starts by itself when it is needed)')
    .action(async () => {
      const source = path.join(packageRoot(), 'main', 'engine.ts')
      const entry = existsSync(source)
        ? source
        : path.join(packageRoot(), 'out', 'main', 'engine.js')
      // Ctrl-C reaches the engine by itself; this process waits for it to leave.
      const stopListening = context.io.onInterrupt(() => undefined)
      try {
        const code = await new Promise<number | null>((resolve, reject) => {
          const child = spawn(process.execPath, [entry], { stdio: 'inherit' })
          child.on('error', reject)
          child.on('exit', (exitCode) => resolve(exitCode))
        })
        context.setExitCode(code ?? 0)
      } catch (error) {
        throw new SubletError('internal', 'The engine does not start: run "npm ci" again.', {
          cause: error,
        })
      } finally {
        stopListening()
      }
    })
}
