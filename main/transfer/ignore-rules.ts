import { readFile, stat } from 'node:fs/promises'
import ignore, { type Ignore } from 'ignore'
import { SubletError } from '../domain/errors.ts'
import { systemCode } from './files.ts'
import {
  joinPath,
  localPath,
  pathFromBuffer,
  pathFromText,
  showPath,
  type PathBytes,
} from './path-bytes.ts'

/** What counts as a reason to stay: `data` follows only a `.subletignore` at the top. */
export type IgnoreStyle = 'data' | 'code'

const NEVER_FROM_CODE: ReadonlySet<string> = new Set([
  '.git',
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
  '.sublet',
  // Where results come home by default: yesterday's are no input of today's run.
  'sublet-output',
])

/** Credentials by convention; they never leave the computer, whoever names them. */
export function isEnvFile(name: string): boolean {
  return name === '.env' || name.startsWith('.env.')
}

/** The rule files that apply inside one folder, outermost first. */
export interface RuleScope {
  readonly folder: PathBytes
  readonly file: string
  readonly rules: Ignore
}

/** Rules are tried on every file of a tree, one after the other. */
const mostRuleBytes = 64 * 1024

function tooManyRules(path: Buffer): SubletError {
  return new SubletError(
    'invalid',
    `${showPath(pathFromBuffer(path))} is over 64 KiB, which is too much for ignore rules; write fewer, more general ones.`,
  )
}

async function readRules(root: string, folder: PathBytes, file: string): Promise<RuleScope[]> {
  try {
    const path = localPath(root, joinPath(folder, pathFromText(file)))
    const found = await stat(path)
    // A pipe or device would be waited for without end.
    if (!found.isFile()) return []
    if (found.size > mostRuleBytes) throw tooManyRules(path)
    const text = await readFile(path, 'utf8')
    return [{ folder, file, rules: ignore({ allowRelativePaths: true }).add(text) }]
  } catch (error) {
    // A rule file that is missing (or a folder of that name) just sets no rules.
    if (['ENOENT', 'EISDIR', 'EACCES', 'ENOTDIR', 'EINVAL'].includes(systemCode(error))) return []
    throw error
  }
}

/** The scopes that hold inside `folder`: the parent's and its own rule files. */
export async function scopesIn(
  root: string,
  folder: PathBytes,
  style: IgnoreStyle,
  parent: readonly RuleScope[],
): Promise<readonly RuleScope[]> {
  const git = style === 'code' ? await readRules(root, folder, '.gitignore') : []
  const own =
    folder === '' || style === 'code' ? await readRules(root, folder, '.subletignore') : []
  return git.length + own.length === 0 ? parent : [...parent, ...git, ...own]
}

/** Why the entry stays at home, or null when it goes. Inner rule files overrule outer ones. */
export function whyExcluded(
  path: PathBytes,
  name: string,
  isDir: boolean,
  style: IgnoreStyle,
  scopes: readonly RuleScope[],
): string | null {
  if (isEnvFile(name)) return `${name} may hold credentials and never goes`
  if (style === 'code' && NEVER_FROM_CODE.has(name)) return `${name} never goes with code`
  let why: string | null = null
  for (const scope of scopes) {
    const within = scope.folder === '' ? path : path.slice(scope.folder.length + 1)
    const text = Buffer.from(within, 'latin1').toString('utf8')
    const verdict = scope.rules.test(isDir ? `${text}/` : text)
    if (verdict.ignored) why = `${scope.file}: ${verdict.rule?.pattern ?? 'a rule'}`
    else if (verdict.unignored) why = null
  }
  return why
}
