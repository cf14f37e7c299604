// The proof that nothing leaks and nothing is lost: `npm run test:faults`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { knownClasses } from './known-classes.ts'
import { holds, runClass, type Row } from './row.ts'
import { tableOf, verdictOf } from './table.ts'

const usage = `npm run test:faults -- [--only WORDS] [--size seed|full] [--seed N] [--list]
Injects every fault class, prints a table, and ends with 1 if a promise was broken.`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    size: { type: 'string', default: 'full' },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const { size, only = '' } = values
const seed = Number(values.seed)
if (values.help || (size !== 'seed' && size !== 'full') || !Number.isSafeInteger(seed)) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}
const wanted = (await knownClasses()).filter(({ name }) =>
  name.toLowerCase().includes(only.toLowerCase()),
)
if (values.list || wanted.length === 0) {
  if (wanted.length === 0) console.log(`No fault class has "${only}" in its name.`)
  for (const { name, promise } of wanted) console.log(`${name}\n  ${promise}`)
  process.exit(wanted.length === 0 ? 2 : 0)
}

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('Interrupted.')))
const say = (sentence: string): void => console.log(`  ${sentence}`)
const rows: Row[] = []
for (const faultClass of wanted) {
  console.log(`\n${faultClass.name}\n  ${faultClass.promise}`)
  const run = { size, seed, signal: interrupted.signal, say } as const
  const row = await runClass(faultClass, run, ({ what, survived, problem }) => {
    console.log(survived ? `  ok      ${what}` : `  BROKEN  ${what}: ${problem ?? ''}`)
  })
  rows.push(row)
  if (interrupted.signal.aborted) break
}
console.log(`\n${tableOf(rows)}\n\n${verdictOf(rows)}`)
const report = join(import.meta.dirname, '..', '..', 'out', 'faults.json')
mkdirSync(dirname(report), { recursive: true })
writeFileSync(report, JSON.stringify({ size, seed, rows }, null, 2))
process.exitCode = rows.every((row) => holds(row)) ? 0 : 1
