import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** `npm run bench -- [name …]`: runs the named benchmarks, or all; each prints its own figures. */
const folder = import.meta.dirname
const helpers = new Set(['run.ts', 'timed.ts', 'slow-link.ts'])
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !helpers.has(name))
  .map((name) => name.replace(/\.ts$/, ''))
const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !existsSync(join(folder, `${name}.ts`)))
if (unknown !== undefined) {
  process.stderr.write(`There is no benchmark "${unknown}". There are: ${all.join(', ')}.\n`)
  process.exit(1)
}
for (const name of wanted.length > 0 ? wanted : all) {
  process.stdout.write(`\n${name}\n`)
  const { status } = spawnSync(process.execPath, [join(folder, `${name}.ts`)], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
