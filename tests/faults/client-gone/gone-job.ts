import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { TestUser } from '../../support/cli.ts'
import { machineMark } from '../../../sandbox-cloud/machine/processes.ts'

/**
 * `short`: ends by itself. `saves`: works until it is told to stop. `ignores`: works on then, too.
 * `kills`: ends every other process of its machine first, the watchdog too. `setup`: never begins.
 */
export type Behaviour = 'short' | 'saves' | 'ignores' | 'kills' | 'setup'

/** Engine time runs so much faster than a machine's. */
export interface Limits {
  readonly speed: number
  /** Physical seconds, all of them. */
  readonly maxDurationS: number
  readonly shortRunS: number
  readonly graceS: number
  readonly afterExitS: number
  readonly keepWarmS: number
  /** The result in pieces of 6 MB; 4 where nothing is said. */
  readonly pieces?: number
}

/** What the job wrote down outside of its machine: words with physical times, epoch ms. */
export interface Evidence {
  readonly words: readonly { readonly word: string; readonly at: number }[]
  first(word: string): number | null
  last(word: string): number | null
}

export interface GoneJob {
  /** Relative to the user's work folder. */
  readonly file: string
  /** Its `before` step, and so the launch, waits for this. */
  openGate(): Promise<void>
  /** A `short` job ends when this was called. */
  letEnd(): Promise<void>
  evidence(): Evidence
}

/** Writes a job that says what happens to it, with limits of some physical seconds. */
export async function writeGoneJob(
  user: TestUser,
  behaviour: Behaviour,
  { speed, maxDurationS, graceS, afterExitS, keepWarmS, shortRunS, pieces = 4 }: Limits,
): Promise<GoneJob> {
  const [gate, end, evidence] = ['open.gate', 'end.gate', 'evidence'].map((name) =>
    join(user.base, name),
  ) as [string, string, string]
  const engineS = (physicalS: number): string => `${Math.round(physicalS * speed)}s`
  await mkdir(join(user.work, 'job'))
  await writeFile(
    join(user.work, 'job', 'job.sh'),
    scriptOf(behaviour, evidence, end, shortRunS, pieces),
  )
  await writeFile(join(user.work, 'job', 'data.bin'), Buffer.alloc(6_000_000, 'some data'))
  await writeFile(
    join(user.work, 'job', 'sublet.yaml'),
    stringify({
      name: 'left alone',
      script: 'job.sh',
      before: `while [ ! -e '${gate}' ]; do sleep 0.05; done`,
      maxDuration: engineS(maxDurationS),
      grace: engineS(graceS),
      afterExit: engineS(afterExitS),
      keepWarm: engineS(keepWarmS),
      ...(behaviour === 'setup'
        ? { setup: `echo "setup $(date +%s.%N)" >>'${evidence}'; sleep 600` }
        : {}),
    }),
  )
  return {
    file: join('job', 'sublet.yaml'),
    openGate: async () => await writeFile(gate, ''),
    letEnd: async () => await writeFile(end, ''),
    evidence: () => readEvidence(evidence),
  }
}

function scriptOf(
  behaviour: Behaviour,
  evidence: string,
  end: string,
  shortRunS: number,
  pieces: number,
): string {
  const onTerm = behaviour === 'ignores' ? 'say term' : 'say term; say saved; exit 7'
  const killAll = `
mine="${machineMark}=$${machineMark}"
for folder in /proc/[0-9]*; do
  pid=\${folder#/proc/}
  [ "$pid" = $$ ] && continue
  tr '\\0' '\\n' 2>/dev/null <"$folder/environ" | grep -qx "$mine" && kill -9 "$pid"
done
say killed`
  return `say() { echo "$1 $(date +%s.%N)" >>'${evidence}'; }
trap '${onTerm}' TERM
say started
head -c 3000000 data.bin >"$SUBLET_OUTPUT/result.bin"
${behaviour === 'kills' ? killAll : ''}
ticks=0
while :; do
  sleep 0.2
  say tick
  ticks=$((ticks + 1))
  ${behaviour === 'short' ? `[ -e '${end}' ] && [ $ticks -ge ${Math.round(shortRunS * 5)} ] && break` : ''}
done
cat ${'data.bin '.repeat(pieces)}>"$SUBLET_OUTPUT/last.bin"
say exiting
`
}

function readEvidence(path: string): Evidence {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const words = text.split('\n').flatMap((line) => {
    const [word = '', seconds] = line.split(' ')
    return seconds === undefined ? [] : [{ word, at: Number(seconds) * 1_000 }]
  })
  return {
    words,
    first: (word) => words.find((one) => one.word === word)?.at ?? null,
    last: (word) => words.findLast((one) => one.word === word)?.at ?? null,
  }
}
