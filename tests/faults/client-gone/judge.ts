import { DatabaseSync } from 'node:sqlite'
import { beginRental } from '../../../main/domain/rental/begin.ts'
import { rentalTransition, type RentalRecord } from '../../../main/domain/rental/record.ts'
import { homeAt } from '../../../main/engine/home.ts'
import { journalRowSchema, parseRentalRow } from '../../../main/jobs/journal/rows.ts'
import type { RentalId } from '../../../preload/contract/rental.ts'
import type { Evidence, Limits } from './gone-job.ts'

/** What the sandbox's own books say of a machine at the end. Times are physical, epoch ms. */
export interface Ended {
  readonly at: number
  readonly message: string
}

/** Which levels end the machine in this case; the client is gone in every one. */
export type Levels = 'both' | 'watchdog' | 'provider'

/** All that can be expected, in physical epoch ms. */
export interface Facts {
  readonly levels: Levels
  readonly limits: Limits
  /** The hard end, as the last client journaled it. */
  readonly endBy: number
  readonly ended: Ended
  readonly evidence: Evidence
  /** The job has come to its own end, with nobody there to see it. */
  readonly exits: boolean
  /** A job was at work when the client went. */
  readonly works: boolean
}

/** The promise: so long after its end a machine may still be there. */
const lateMs = 15_000
/** What clocks in whole seconds, and the machine's own boot, make of an exact time. */
const slackMs = 3_000

/** What is wrong, in sentences; none when every promise held. */
export function problemsOf(facts: Facts): readonly string[] {
  const { ended, endBy, levels } = facts
  const owner = ended.message === 'It ended itself.' ? 'watchdog' : 'provider'
  return [
    ...(ended.at > endBy + lateMs
      ? [`it ended ${seconds(ended.at - endBy)} after its end (${ended.message})`]
      : []),
    ...(levels !== 'both' && owner !== levels
      ? [`the ${levels} alone was to end it, but: ${ended.message}`]
      : []),
    ...(facts.exits ? heldProblems(facts) : earlyProblems(facts)),
  ]
}

/** A job that has ended: its result is held for `afterExit`, and no longer where the watchdog lives. */
function heldProblems({ evidence, limits, ended, levels, endBy }: Facts): readonly string[] {
  const exitedAt = evidence.last('exiting')
  if (exitedAt === null) return ['the job was cut before its own end']
  const due = Math.min(endBy, exitedAt + limits.afterExitS * 1_000)
  const heldMs = ended.at - exitedAt
  const early = ended.at < due - slackMs ? [`its result was held for only ${seconds(heldMs)}`] : []
  const late =
    levels !== 'provider' && ended.at > due + lateMs
      ? [`its result was held for ${seconds(heldMs)} instead of ${limits.afterExitS} s`]
      : []
  return [...early, ...late]
}

/** A machine on which nothing has ended: it and its job are left alone until the grace begins. */
function earlyProblems({
  evidence,
  limits,
  ended,
  levels,
  endBy,
  works,
}: Facts): readonly string[] {
  const early =
    ended.at < endBy - slackMs ? [`it ended ${seconds(endBy - ended.at)} before its end`] : []
  if (!works) return early
  const [term, last] = [evidence.first('term'), evidence.last('tick') ?? evidence.last('setup')]
  const graceAt = endBy - limits.graceS * 1_000
  const asked =
    evidence.first('setup') !== null || levels === 'provider'
      ? []
      : term === null
        ? ['the job was not asked to stop before the end']
        : term < graceAt - slackMs
          ? [`the job was asked to stop ${seconds(graceAt - term)} too early`]
          : []
  const worked = evidence.first('setup') === null && (last ?? 0) < graceAt - slackMs
  return [
    ...early,
    ...asked,
    ...(worked
      ? [`the job's last sign is from ${seconds(endBy - (last ?? 0))} before the end`]
      : []),
    ...(term !== null && evidence.first('saved') === null && evidence.last('tick') === term
      ? ['the job had no time after it was asked to stop']
      : []),
  ]
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

/** The rental as the last client left it in its journal. */
export function rentalOnDisk(home: string, id: RentalId): RentalRecord {
  const database = new DatabaseSync(homeAt(home).databaseFile, { readOnly: true })
  try {
    const [first, ...rest] = database
      .prepare('SELECT * FROM journal WHERE stream = ? ORDER BY seq')
      .all(id)
      .map((row) => journalRowSchema.parse(row))
      .map((row) => ({ at: row.at, event: parseRentalRow(row) }))
    if (first?.event.kind !== 'intended') throw new Error(`${id} is not in the journal.`)
    const begun = beginRental(id, first.event, first.at)
    return rest.reduce<RentalRecord>(
      (one, { at, event }) => rentalTransition(one, event, at),
      begun,
    )
  } finally {
    database.close()
  }
}
