import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SubletError } from '../../domain/errors.ts'
import type { ExecOptions, Machine } from '../machine.ts'

export interface SupervisorScript {
  readonly text: string
  /** Its name in `~/.sublet`; another content has another name. */
  readonly fileName: string
}

/** Reads the supervisor that ships beside this file. */
export function supervisorScript(): SupervisorScript {
  const text = readFileSync(new URL('supervisor.sh', import.meta.url), 'utf8')
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8)
  return { text, fileName: `supervisor-${hash}.sh` }
}

/** Puts the supervisor on the machine unless it is there. Safe to repeat and to race. */
export async function installSupervisor(
  machine: Machine,
  script: SupervisorScript,
  options: ExecOptions = {},
): Promise<void> {
  const size = Buffer.byteLength(script.text)
  const file = `"$HOME"/.sublet/${script.fileName}`
  // The length check keeps a cut upload from becoming the script.
  const command =
    `if [ -s ${file} ]; then cat >/dev/null; else umask 077 && mkdir -p "$HOME"/.sublet && ` +
    `cat >${file}.$$ && [ "$(($(wc -c <${file}.$$)))" -eq ${size} ] && mv -f ${file}.$$ ${file}; fi`
  const result = await machine.exec(command, { ...options, stdin: script.text })
  if (result.exitCode === 0) return
  const nativeCode = result.stderr.trim().slice(-400)
  if (/No space left|quota exceeded/i.test(nativeCode)) {
    throw new SubletError(
      'disk-full',
      `The home folder on ${machine.label} is full; free some space there, or use another machine.`,
      { nativeCode },
    )
  }
  throw new SubletError(
    'unavailable',
    `The supervisor could not be written to ~/.sublet on ${machine.label}; check that its user may write in the home folder.`,
    { nativeCode },
  )
}
