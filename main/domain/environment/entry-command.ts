import { assertNever } from '../errors.ts'
import { shellQuote, shellWords } from '../shell-quote.ts'
import type { Entry } from '../../../preload/contract/job-spec.ts'

/** The sh line, run in the work folder, that becomes the job's main process. */
export function entryCommand(entry: Entry): string {
  switch (entry.kind) {
    case 'python':
      return `exec python3 ${shellWords([fileWord(entry.path), ...entry.args])}`
    case 'notebook':
      return notebookCommand(entry.path, entry.args)
    case 'r':
      return `exec Rscript ${shellWords([fileWord(entry.path), ...entry.args])}`
    case 'shell':
      return shellScriptCommand(entry.path, entry.args)
    case 'executable': {
      const path = fileWord(entry.path)
      return `chmod u+x ${shellQuote(path)} 2>/dev/null\nexec ${shellWords([path, ...entry.args])}`
    }
    case 'command':
      return oneProgram.test(entry.command) ? `exec ${entry.command}` : entry.command
    default:
      return assertNever(entry)
  }
}

/** Nothing for a shell to do: the program itself becomes the main process, which gets the signals. */
const oneProgram =
  /^(python[\d.]*|torchrun|accelerate|deepspeed|Rscript|\.{0,2}\/[\w./-]+)(\s+[\w@%+=:,./-]+)*$/

/** Never read as an option, never looked up on the PATH. */
function fileWord(path: string): string {
  return path.startsWith('/') || path.startsWith('./') ? path : `./${path}`
}

/** The executed notebook is a result; it is written even when a cell fails. */
function notebookCommand(path: string, args: readonly string[]): string {
  const words = ['--to', 'notebook', '--execute', '--ExecutePreprocessor.timeout=-1']
  return `exec python3 -m nbconvert ${shellWords(words)} --output-dir "$SUBLET_OUTPUT" ${shellWords([...args, fileWord(path)])}`
}

/** By its first line; without one, the shell that most scripts are written for. */
function shellScriptCommand(path: string, args: readonly string[]): string {
  const file = shellQuote(fileWord(path))
  const rest = args.length === 0 ? '' : ` ${shellWords(args)}`
  return [
    `first=$(head -n 1 ${file} | tr -d '\\r')`,
    'case $first in',
    `  '#!'*bash*) exec bash ${file}${rest} ;;`,
    `  '#!'*/sh | '#!'*/sh\\ *) exec sh ${file}${rest} ;;`,
    `  '#!'*) chmod u+x ${file} 2>/dev/null; exec ${file}${rest} ;;`,
    `  *) if command -v bash >/dev/null 2>&1; then exec bash ${file}${rest}; else exec sh ${file}${rest}; fi ;;`,
    'esac',
  ].join('\n')
}
