import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import {
  planSchema,
  planVariable,
  strikesOf,
  traceOf,
  type KillPlan,
  type Moment,
} from '../faults/engine-kills/kill-plan.ts'

/**
 * Loaded before the shipping engine (`node --import`): notes each committed write of the journal
 * and the books, and kills the process with SIGKILL just before or just after the commit that the
 * plan names. The engine's own code is not touched.
 */
const planFile = process.env[planVariable] ?? ''
/** What the transaction under way has written. */
let pending: string[] = []
let run = ''
const counts = new Map<string, number>()
let writes = 0

// oxlint-disable-next-line typescript/unbound-method -- called with the database as `this` below.
const { exec, prepare } = DatabaseSync.prototype
DatabaseSync.prototype.prepare = function (this: DatabaseSync, ...given) {
  const statement = prepare.apply(this, given)
  const [sql] = given
  if (sql.startsWith('INSERT INTO journal ')) note(statement, (params) => journalLabel(params))
  if (sql.startsWith('DELETE FROM ledger_entries')) note(statement, () => 'books')
  return statement
}
DatabaseSync.prototype.exec = function (this: DatabaseSync, sql) {
  if (sql === 'BEGIN IMMEDIATE') pending = []
  if (sql !== 'COMMIT' || pending.length === 0) {
    exec.call(this, sql)
    return
  }
  const label = pending.join('+')
  pending = []
  const plan = readPlan()
  if (plan !== null) count(plan, label)
  if (plan !== null) strike(plan, label, 'before')
  exec.call(this, sql)
  if (plan !== null) appendFileSync(traceOf(planFile), `${plan.run} ${label}\n`)
  if (plan !== null) strike(plan, label, 'after')
}

function note(statement: StatementSync, label: (params: readonly unknown[]) => string): void {
  const execute = statement.run.bind(statement) as (...params: unknown[]) => never
  statement.run = (...params: unknown[]) => {
    pending.push(label(params))
    return execute(...params)
  }
}

/** `rental:launched` of `sublet-…, at, launched, …`. */
function journalLabel([stream, , kind]: readonly unknown[]): string {
  return `${String(stream).startsWith('job-') ? 'job' : 'rental'}:${String(kind)}`
}

function readPlan(): KillPlan | null {
  if (!existsSync(planFile)) return null
  return planSchema.parse(JSON.parse(readFileSync(planFile, 'utf8')))
}

function count(plan: KillPlan, label: string): void {
  if (plan.run !== run) {
    run = plan.run
    counts.clear()
    writes = 0
  }
  counts.set(label, (counts.get(label) ?? 0) + 1)
  writes += 1
}

function strike(plan: KillPlan, label: string, moment: Moment): void {
  const struck = existsSync(strikesOf(planFile)) ? readFileSync(strikesOf(planFile), 'utf8') : ''
  const done = struck.split('\n').filter((line) => line.startsWith(`${plan.run} `)).length
  const next = plan.strikes[done]
  if (next === undefined || next.moment !== moment) return
  const { at } = next
  const isHere =
    'nth' in at ? at.nth === writes : at.label === label && at.occurrence === counts.get(label)
  if (!isHere) return
  appendFileSync(strikesOf(planFile), `${plan.run} ${moment} ${label}\n`)
  process.kill(process.pid, 'SIGKILL')
  // The signal is delivered before the next line; should a platform be slower, nothing goes on.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
