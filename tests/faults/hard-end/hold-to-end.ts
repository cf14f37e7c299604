import { testUser, type TestUser } from '../../support/cli.ts'
import { eventually } from '../../support/eventually.ts'
import { jobOnDisk } from '../../support/journal-on-disk.ts'
import { readBooks } from '../books.ts'
import { writeGoneJob, type GoneJob, type Limits } from '../client-gone/gone-job.ts'
import { rentalOnDisk } from '../client-gone/judge.ts'
import { oneLine, submitted } from '../client-gone/submitted.ts'
import { broke, held, type Injection } from '../fault-class.ts'
import { cases, type Case } from './cases.ts'

const lateMs = 15_000
const earlyMs = 4_000
const patience = { timeoutMs: 150_000, everyMs: 250 }

/** Runs one job in a home of its own to its end, against what the case puts in its way. */
export async function holdToEnd(one: Case, limits: Limits): Promise<Injection> {
  const user = await testUser()
  try {
    const anchor = Date.now()
    const job = await writeGoneJob(user, one.behaviour, limits)
    const env = { SUBLET_CLOCK: `${limits.speed}@${anchor}` }
    const args = ['run', job.file, '--provider', 'sandbox', '--detach', '--yes']
    const { id, command } = await submitted(user, () => user.start(args, { env }))
    if (one === cases.providerDownUnexpiring) {
      await user.sandbox.fault({ kind: 'expiry-disabled' }, { remaining: null })
    }
    await job.openGate()
    await eventually(
      () => {
        const { state, error, attempts } = jobOnDisk(user.home, id)
        if (job.evidence().first('tick') !== null) return true
        throw new Error(`${state}, ${attempts.length} attempts, ${error?.message ?? 'no error'}`)
      },
      { ...patience, what: 'the job to run' },
    )
    await command.exit
    const ended = eventually(() => isEnded(user), { ...patience, what: 'the machine to end' })
    await Promise.all([ended, one.hinder(user, job, ended)])
    await eventually(() => jobOnDisk(user.home, id).endedAt !== null, {
      ...patience,
      what: 'the job to end',
    })
    const problems = [
      ...(await machineProblems(user, one, limits, anchor)),
      ...jobProblems(one, job, limits, jobOnDisk(user.home, id)),
    ]
    const books = await readBooks(user.home, user.sandbox)
    const harm = { leaked: books.leaked.length, lost: books.wrong.length }
    const all = [...problems, ...books.leaked, ...books.wrong]
    return all.length === 0 ? held(one.what) : broke(one.what, all.join('; '), harm)
  } catch (thrown) {
    return broke(one.what, oneLine(thrown))
  } finally {
    await user.stop()
  }
}

async function isEnded(user: TestUser): Promise<boolean> {
  const machines = await user.sandbox.machines()
  return machines.length > 0 && machines.every(({ state }) => state === 'ended')
}

async function machineProblems(
  user: TestUser,
  { neededToEnd = false }: Case,
  { speed }: Limits,
  anchor: number,
): Promise<readonly string[]> {
  const physical = (engineMs: number): number => anchor + (engineMs - anchor) / speed
  const machines = await user.sandbox.machines()
  if (machines.length !== 1) return [`${machines.length} machines were launched`]
  return machines.flatMap(({ name, endedAt }) => {
    const lateBy = physical(endedAt ?? Infinity) - physical(rentalOnDisk(user.home, name).endBy)
    const seconds = Math.round(lateBy / 1_000)
    if (lateBy > lateMs) return [`the machine ended ${seconds} s after its end`]
    return neededToEnd && lateBy < -earlyMs
      ? [`the machine went ${-seconds} s before its end, while its results were being fetched`]
      : []
  })
}

function jobProblems(
  { behaviour, resultsHome }: Case,
  job: GoneJob,
  { graceS }: Limits,
  { outputs, error }: ReturnType<typeof jobOnDisk>,
): readonly string[] {
  const evidence = job.evidence()
  const [term, last] = [evidence.first('term'), evidence.last('tick')]
  const overstayed = term !== null && last !== null && last - term > graceS * 1_000 + lateMs
  return [
    ...(behaviour !== 'short' && term === null ? ['the job was not asked to stop'] : []),
    ...(overstayed ? [`the job went on for ${Math.round((last - term) / 1_000)} s`] : []),
    ...(resultsHome && outputs?.verified !== true ? ['its results are not home'] : []),
    ...(!resultsHome && error === null ? ['nothing says that results are missing'] : []),
  ]
}
