import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SubletError } from '../../../main/domain/errors.ts'
import { inertLine } from '../../../main/cli/format/inert.ts'
import { parseJobFile } from '../../../main/jobs/job-file/parse-job-file.ts'
import { readJobFile } from '../../../main/jobs/job-file/read-job-file.ts'
import { gpuHint, importedModules } from '../../../main/jobs/understand/source-hints.ts'
import { textOf } from '../../../main/jobs/understand/file-facts.ts'
import { csvLine, originalText } from '../../../main/ledger/csv.ts'
import { encodeEnvironment } from '../../../main/machine/supervisor/environment-lines.ts'
import { scanTree } from '../../../main/transfer/scan.ts'
import { parseCsv } from '../../support/parse-csv.ts'
import { broke, held, type FaultClass, type Injection } from '../fault-class.ts'
import { formulas } from '../data/formulas.ts'
import { yamlBombs } from '../data/yaml-bombs.ts'
import { wrongWith, wrongWithError } from '../hostile/judge.ts'

/** Of the processor's time, which a busy computer does not stretch. */
const longestMs = 1_000
const hangMs = 10_000

export const faultClass: FaultClass = {
  name: 'hostile data',
  promise:
    'Job files, ignore rules, scripts, names and texts of strangers are read within a second or refused with a sentence; no export runs as a formula, and no text of theirs acts on a terminal or a page.',
  async *injections() {
    const folder = await mkdtemp(join(tmpdir(), 'sublet-data-'))
    try {
      for (const [name, make] of Object.entries(yamlBombs)) {
        const text = make()
        yield await refused(`sublet.yaml: ${name}`, async () => parseJobFile(text, 'sublet.yaml'))
      }
      for (const text of formulas) yield inert(text)
      yield* files(folder)
      yield* texts()
      yield page()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

type Outcome = { readonly value: unknown } | { readonly thrown: unknown } | 'late'

async function timed(work: () => Promise<unknown>): Promise<{ outcome: Outcome; ms: number }> {
  const before = process.cpuUsage()
  const late = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => late.resolve('late'), hangMs)
  const outcome: Outcome = await Promise.race([
    work().then(
      (value) => ({ value }),
      (thrown: unknown) => ({ thrown }),
    ),
    late.promise,
  ])
  clearTimeout(timer)
  return { outcome, ms: process.cpuUsage(before).user / 1_000 }
}

/** It must fail with a sentence, soon. */
async function refused(what: string, work: () => Promise<unknown>): Promise<Injection> {
  const { outcome, ms } = await timed(work)
  if (outcome === 'late') return broke(what, 'it hangs')
  if (ms > longestMs) return broke(what, `it took ${Math.round(ms)} ms of computing`)
  if ('value' in outcome) return broke(what, 'it was taken for good')
  const wrong = wrongWithError(outcome.thrown)
  return wrong === null ? held(what) : broke(what, wrong.slice(0, 400))
}

/** It must end soon, whether with an answer or with a sentence. */
async function survived(what: string, work: () => Promise<unknown>): Promise<Injection> {
  const { outcome, ms } = await timed(work)
  if (outcome === 'late') return broke(what, 'it hangs')
  if (ms > longestMs) return broke(what, `it took ${Math.round(ms)} ms of computing`)
  if ('value' in outcome || outcome.thrown instanceof SubletError) return held(what)
  return broke(what, String(outcome.thrown).slice(0, 400))
}

/** In a CSV it is no formula, and the text can be had back exactly. */
function inert(text: string): Injection {
  const what = `CSV: ${JSON.stringify(text)}`
  const cells = parseCsv(csvLine([text, 'end']))[0] ?? []
  const [cell = ''] = cells
  const isAmount = /^-?\d+(\.\d+)?$/.test(cell)
  if (cells.length !== 2) return broke(what, 'it broke the line')
  if (/^[=+\-@\t\r\n]/.test(cell) && !isAmount) return broke(what, `a spreadsheet runs ${cell}`)
  return originalText(cell) === text ? held(what) : broke(what, 'the text cannot be had back')
}

async function* files(folder: string): AsyncGenerator<Injection> {
  const at = (name: string): string => join(folder, name)
  const pipe = (path: string): void => void execFileSync('mkfifo', [path])
  pipe(at('pipe.yaml'))
  yield await refused('a job file that is a pipe', () => readJobFile(at('pipe.yaml')))
  writeFileSync(at('huge.yaml'), '')
  truncateSync(at('huge.yaml'), 6 * 2 ** 30)
  yield await refused('a job file of 6 GiB', () => readJobFile(at('huge.yaml')))
  yield await refused('a job file that is a device', () => readJobFile('/dev/zero'))
  yield await survived('a script that is a pipe', () => textOf(at('pipe.yaml')))
  writeFileSync(at('line.py'), '')
  truncateSync(at('line.py'), 2 ** 30)
  yield await survived('a script of 1 GiB in one line', () => textOf(at('line.py')))

  const data = at('data')
  mkdirSync(data)
  pipe(join(data, 'pipe'))
  yield await survived('a pipe among the data', () => scanTree(data, { ignore: 'data' }))
  pipe(join(data, '.subletignore'))
  yield await survived('ignore rules that are a pipe', () => scanTree(data, { ignore: 'data' }))
  rmSyncQuietly(join(data, '.subletignore'))
  for (const [name, rules] of Object.entries(ignoreRules)) {
    writeFileSync(join(data, '.subletignore'), rules)
    for (const long of ['a'.repeat(200), `${'a/'.repeat(20)}b`]) {
      mkdirSync(join(data, long.split('/').slice(0, -1).join('/')), { recursive: true })
      writeFileSync(join(data, long), '')
    }
    yield await survived(`ignore rules: ${name}`, () => scanTree(data, { ignore: 'data' }))
  }
}

function rmSyncQuietly(path: string): void {
  execFileSync('rm', ['-f', path])
}

const ignoreRules: Readonly<Record<string, string>> = {
  stars: `${'*a'.repeat(15)}b\n`,
  'many stars': `${'*a*'.repeat(60)}b\n`,
  'double stars': `${'**/a/'.repeat(25)}c\n`,
  'open brackets': `[${'['.repeat(5_000)}\n`,
  ranges: '[z-a]\n[a-\n[]\n[^]\n',
  backslashes: `${'\\'.repeat(9_999)}\n`,
  '20,000 rules': Array.from({ length: 20_000 }, (_, n) => `x${n}*y`).join('\n'),
  binary: '\0\u0001\uffff\n',
}

async function* texts(): AsyncGenerator<Injection> {
  const long: Readonly<Record<string, string>> = {
    spaces: ' '.repeat(2_000_000),
    quotes: '"'.repeat(2_000_000),
    imports: 'import '.repeat(300_000),
    'from dots': `from ${'.'.repeat(2_000_000)}`,
    commas: `import ${','.repeat(2_000_000)}`,
  }
  for (const [name, text] of Object.entries(long)) {
    yield await survived(`a script of 2 MB: ${name}`, async () => [
      gpuHint(text),
      importedModules(text),
    ])
  }
  for (const name of ['a b', 'a=b', '$(x)', 'a;b', 'a\nb', '', '1a', '__proto__ x']) {
    yield await refused(`an environment name: ${JSON.stringify(name)}`, async () =>
      encodeEnvironment({ [name]: 'x' }),
    )
  }
  yield await refused('an environment value with NUL', async () => encodeEnvironment({ a: '\0' }))
  const coded = encodeEnvironment({ a: "x\n'; touch evil; $(evil) `evil`" })
  yield /^a (\\0[0-7]{3})+\nend\n$/.test(coded)
    ? held('a shell in an environment value')
    : broke('a shell in an environment value', coded)
  for (const text of ['\u001b]0;evil\u0007', '\u001b[31mred', '\u202eevil', 'a\r\nb', '\u009b2J']) {
    const wrong = wrongWith(inertLine(text)) ?? wrongWith(new SubletError('invalid', text).message)
    const what = `a terminal is shown ${JSON.stringify(text)}`
    yield wrong === null ? held(what) : broke(what, wrong)
  }
}

/** No source of the page makes elements out of text. */
function page(): Injection {
  const what = 'text made into elements in the page'
  const root = join(import.meta.dirname, '..', '..', '..', 'renderer')
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) =>
      /\.tsx?$/.test(path) &&
      /dangerouslySetInnerHTML|\.innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser/.test(
        readFileSync(join(root, path), 'utf8'),
      ),
  )
  return found.length === 0 ? held(what) : broke(what, found.join(', '))
}
