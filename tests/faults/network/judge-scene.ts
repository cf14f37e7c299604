import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { homeAt } from '../../../main/engine/home.ts'
import { jobEvents } from '../../support/journal-on-disk.ts'
import { treeHashes } from '../../support/training-job.ts'
import { readBooks } from '../books.ts'
import { broke, held, type Injection } from '../fault-class.ts'
import type { Scene } from './scene.ts'

/** What a user must never read of a job that only cannot be reached. */
const alarming = /\bfail|the job was lost|took the machine away|was given back/i

/** Waits until the job is over, and holds what came of it against the sandbox's own word. */
export async function judgeScene(what: string, scene: Scene, count = 1): Promise<Injection> {
  await scene.untilState('done', 'failed', 'cancelled')
  await scene
    .until(
      async () => (await readBooks(scene.home, scene.sandbox)).wrong.length === 0,
      'the receipt',
    )
    .catch(() => undefined) // Judged below.
  const books = await readBooks(scene.home, scene.sandbox)
  const leaked = books.leaked.filter(
    (sentence) => scene.options.lags !== true || !/ but ended at \d+\.$/.test(sentence),
  )
  const [state, exitCode] = [await scene.state(), await scene.exitCode()]
  const alarms = [...scene.sentences].filter((sentence) => alarming.test(sentence))
  const lost = await lostOf(scene)
  const problems = [
    ...(state === 'done' && exitCode === 0 ? [] : [`the job ended as ${state} with ${exitCode}`]),
    ...(books.machines === 1 ? [] : [`${books.machines} machines were launched`]),
    ...(books.billedMicros > 0 && books.billedMicros === books.ledgerMicros
      ? []
      : [`the ledger says ${books.ledgerMicros}, the bill ${books.billedMicros}`]),
    ...alarms.map((sentence) => `it said "${sentence}"`),
    ...badEntries(scene),
    ...leaked,
    ...books.wrong,
    ...lost,
  ]
  if (problems.length === 0) return held(what, count)
  return {
    ...broke(what, problems.join(' '), { leaked: leaked.length, lost: lost.length }),
    count,
  }
}

/** Lines of the ledger that no machine can have: negative, backwards, or over the end of a day. */
function badEntries({ home, options }: Scene): readonly string[] {
  const zone = options.zone ?? 'UTC'
  const day = new Intl.DateTimeFormat('en', { timeZone: zone, dateStyle: 'short' })
  const database = new DatabaseSync(homeAt(home).databaseFile, { readOnly: true, timeout: 5_000 })
  try {
    const rows = database.prepare('SELECT from_at, to_at, micros FROM ledger_entries').all()
    return rows.flatMap((row) => {
      const [from, to, micros] = [row['from_at'], row['to_at'], row['micros']].map(Number)
      if (from === undefined || to === undefined || micros === undefined) return ['No figures.']
      const isWithinDay = to <= from || day.format(from) === day.format(to - 1)
      const isSound = micros >= 0 && to >= from && isWithinDay
      return isSound ? [] : [`The ledger has ${micros} from ${from} to ${to} in ${zone}.`]
    })
  } finally {
    database.close()
  }
}

async function lostOf(scene: Scene): Promise<readonly string[]> {
  const starts = existsSync(scene.starts) ? (await readFile(scene.starts, 'utf8')).length / 6 : 0
  const wanted = JSON.stringify(await treeHashes(scene.input))
  const home = existsSync(scene.output) ? JSON.stringify(await treeHashes(scene.output)) : 'nothing'
  const log = await logOf(scene)
  return [
    ...(starts === 1 ? [] : [`The script was started ${starts} times.`]),
    ...(home === wanted ? [] : [`The results are ${home}.`]),
    ...(isWhole(log, scene.options.logLines ?? 0) ? [] : [`The log is ${JSON.stringify(log)}.`]),
  ]
}

async function logOf({ home, jobId, paths }: Scene): Promise<string> {
  const pieces: string[] = []
  for (const { event } of jobEvents(home, jobId)) {
    if (event.kind !== 'attempt-started') continue
    const path = paths.log(jobId, event.attemptId)
    pieces.push(existsSync(path) ? await readFile(path, 'utf8') : '')
  }
  return pieces.join('')
}

/** The log follows from its last line: every byte of it is known. */
function isWhole(log: string, logLines: number): boolean {
  const waited = Number(/\nfinished after (\d+)\n$/.exec(log)?.[1] ?? Number.NaN)
  if (!Number.isSafeInteger(waited)) return false
  const lines = [
    ...Array.from({ length: logLines }, (_, index) => {
      const number = index + 1
      return `${number} of a long log that is told at once: ${number * 7919}`
    }),
    ...Array.from({ length: waited }, (_, index) => `waited ${index + 1}`),
    `finished after ${waited}`,
  ]
  return log === `${lines.join('\n')}\n`
}
