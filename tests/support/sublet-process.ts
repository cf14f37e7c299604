import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../../bin/sublet.mjs', import.meta.url))

/** A command line in a process of its own, without a terminal. */
export interface SubletProcess {
  readonly child: ChildProcessWithoutNullStreams
  stdout(): string
  stderr(): string
  /** Exit code, or the name of the signal that ended it. */
  readonly exit: Promise<number | string>
}

export interface SubletProcessOptions {
  readonly node?: string
  readonly cwd?: string
  /** Another checkout's launcher. */
  readonly launcher?: string
  /** Over the test's own environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Starts `sublet ARGS` for a home, by the Node that runs the tests unless told otherwise. */
export function startSublet(
  args: readonly string[],
  home: string,
  options: SubletProcessOptions = {},
): SubletProcess {
  const child = spawn(options.node ?? process.execPath, [options.launcher ?? launcher, ...args], {
    env: { ...process.env, SUBLET_HOME: home, TZ: 'UTC', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exit = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'lost'))
  })
  return { child, stdout: () => stdout, stderr: () => stderr, exit }
}
