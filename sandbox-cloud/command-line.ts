import { parseArgs } from 'node:util'

export interface Options {
  /** Folder for everything the sandbox keeps. */
  readonly stateDir: string
  /** It ends itself after having had no machine and no request for this long (physical time). */
  readonly idleMs: number
}

/** Exit codes that a starter can tell apart. */
export const exitCode = { usage: 64, alreadyRunning: 75, noShell: 78 } as const

/** Parses the arguments; throws a sentence on wrong ones. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { state: { type: 'string' }, 'idle-ms': { type: 'string', default: '30000' } },
  })
  const idleMs = Number(values['idle-ms'])
  if (values.state === undefined || values.state === '')
    throw new Error('The sandbox needs --state DIR.')
  if (!(idleMs > 0)) throw new Error('--idle-ms must be a positive number of milliseconds.')
  return { stateDir: values.state, idleMs }
}
