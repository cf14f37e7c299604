import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { TestUser } from '../../support/cli.ts'

/** One job that writes checkpoints whose content proves itself; see `chain.sh`. */
export interface ChainJob {
  readonly name: string
  readonly steps: number
  readonly out: string
  /** Where the job, wherever it runs, notes what it did and when; outside of every machine. */
  readonly evidence: string
}

export interface ChainOptions {
  readonly name: string
  readonly steps: number
  readonly paceS: number
  readonly spot: boolean
  /** Written at the very end, so that collecting takes a while. */
  readonly bulkBytes: number
}

/** Between two copies home, as the job asks for it. */
export const everyMs = 1_000

const mine = 'The user wrote this before the job began.\n'

/** Writes its job file and a file of the user's own into the output folder. */
export function writeChainJob(user: TestUser, options: ChainOptions): ChainJob {
  const { name, steps, paceS, spot, bulkBytes } = options
  const folder = join(user.work, name)
  const [out, evidence] = [join(user.base, `out-${name}`), join(user.base, `${name}.evidence`)]
  mkdirSync(folder)
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'mine.txt'), mine)
  writeFileSync(join(out, 'final.txt'), mine)
  writeFileSync(evidence, '')
  cpSync(join(import.meta.dirname, 'chain.sh'), join(folder, 'chain.sh'))
  writeFileSync(
    join(folder, 'sublet.yaml'),
    stringify({
      name,
      script: 'chain.sh',
      provider: 'sandbox',
      gpus: 0,
      keepWarm: 0,
      spot,
      retries: 6,
      output: out,
      mirror: { every: `${everyMs / 1_000}s` },
      env: { STEPS: steps, PACE: paceS, EVIDENCE: evidence, BULK: bulkBytes },
    }),
  )
  return { name, steps, out, evidence }
}

/** What the job noted: `step 12` at a time, from all its attempts, in order. */
export interface Noted {
  readonly at: number
  readonly what: string
  readonly step: number
}

export function notedBy({ evidence }: ChainJob): Noted[] {
  const lines = readFileSync(evidence, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => {
    const [at = '', what = '', step = ''] = line.split(' ')
    return { at: Number(at), what, step: Number(step) }
  })
}

/** The chain's hash after so many steps, computed here. */
export function chainAt(steps: number): string {
  let hash = 'root'
  for (let step = 1; step <= steps; step += 1) {
    hash = createHash('sha256').update(`${hash}.${step}`).digest('hex').slice(0, 16)
  }
  return hash
}

/** What is wrong with the results at the end, in sentences: they must be those of an unbroken run. */
export function wrongResults({ out, steps }: ChainJob): string[] {
  const wrong: string[] = []
  const expectFile = (name: string, content: string): void => {
    const path = join(out, name)
    if (!existsSync(path)) wrong.push(`${name} is not home.`)
    else if (readFileSync(path, 'utf8') !== content) wrong.push(`${name} is not as it should be.`)
  }
  const numbers = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_none, at) => `${from + at}\n`).join('')
  expectFile('mine.txt', mine)
  expectFile('final.txt', mine)
  expectFile('final.txt.from-job', `${chainAt(steps)}\n`)
  expectFile('state.txt', `${steps} ${chainAt(steps)}\n`)
  expectFile('growing.log', numbers(1, steps))
  for (let step = 6; step <= steps; step += 6) {
    const [a, b] = [numbers(step, 4_000), chainAt(step)]
    const sum = createHash('sha256').update(`${a}${b}`).digest('hex').slice(0, 16)
    expectFile(`step-${step}/a`, a)
    expectFile(`step-${step}/b`, b)
    expectFile(`step-${step}/sum`, `${sum}\n`)
  }
  return wrong
}
