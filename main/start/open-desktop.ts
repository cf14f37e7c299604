import { spawn } from 'node:child_process'
import { SubletError } from '../domain/errors.ts'

/** Runs the built desktop app until it ends and answers its exit status. */
export async function openDesktop(
  electron: string,
  root: string,
  say: (line: string) => void,
): Promise<number> {
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    say('You are root, to whom Chromium refuses its sandbox: the window runs without it.')
  }
  const child = spawn(electron, [...(isRoot ? ['--no-sandbox'] : []), root], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to the app as well, which ends by itself.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return await new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(
        new SubletError('unavailable', `Electron does not start (${error.message}).`, {
          cause: error,
        }),
      ),
    )
    child.on('exit', (code) => resolve(code ?? 0))
  })
}
