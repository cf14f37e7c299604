import { z } from 'zod'
import { rentalIdSchema } from '../../../preload/contract/rental.ts'
import { killMachineProcesses } from '../../../sandbox-cloud/machine/processes.ts'
import { testUser, type TestUser } from '../../support/cli.ts'
import { eventually } from '../../support/eventually.ts'
import { broke, held, type Injection } from '../fault-class.ts'
import { writeGoneJob, type Behaviour, type GoneJob, type Limits } from './gone-job.ts'
import { problemsOf, rentalOnDisk, type Levels } from './judge.ts'
import { reach, type Moment } from './moments.ts'
import { oneLine, submitted } from './submitted.ts'

/** One machine whose client goes for ever. */
export interface Loss {
  readonly moment: Moment
  readonly levels: Levels
  readonly behaviour: Behaviour
}

const machineSchema = z.looseObject({
  id: z.string(),
  name: rentalIdSchema,
  state: z.string(),
  message: z.string().nullable(),
  endedAt: z.int().nullable(),
})

/** Takes a job to the moment in a home of its own, kills its engine, and waits for the machine's end. */
export async function leaveAlone(loss: Loss, limits: Limits): Promise<Injection> {
  const what = `client gone while ${loss.moment}, job ${loss.behaviour}, ${levelWords[loss.levels]}`
  const user = await testUser()
  try {
    const anchor = Date.now()
    const keepWarmS = loss.moment === 'kept warm' ? limits.keepWarmS : 0
    const own = { ...limits, keepWarmS }
    const job = await writeGoneJob(user, loss.behaviour, own)
    const env = { SUBLET_CLOCK: `${limits.speed}@${anchor}` }
    const args = ['run', job.file, '--provider', 'sandbox', '--detach', '--yes']
    const { command } = await submitted(user, () => user.start(args, { env }))
    if (loss.levels === 'watchdog') {
      await user.sandbox.fault({ kind: 'expiry-disabled' }, { remaining: null })
    }
    await reach(user, job, loss.moment)
    await user.killEngine()
    await command.exit
    await job.letEnd()
    if (loss.levels === 'provider') await killWatchdog(user, loss)
    const problems = await judge(user, job, loss, own, anchor)
    return problems.length === 0
      ? held(what)
      : broke(what, problems.join('; '), { leaked: Number(problems.some(isLate)) })
  } catch (thrown) {
    return broke(what, oneLine(thrown))
  } finally {
    await user.stop()
  }
}

const levelWords: Readonly<Record<Levels, string>> = {
  both: 'both levels',
  watchdog: 'no provider expiry',
  provider: 'watchdog killed',
}

const isLate = (problem: string): boolean => / after its end/.test(problem)

/** A job that kills it itself needs no help; before there is a job, and after it, we do as it does. */
async function killWatchdog(user: TestUser, { behaviour }: Loss): Promise<void> {
  if (behaviour === 'kills') return
  const machine = await eventually(
    async () => (await machinesOf(user)).find(({ state }) => state === 'running'),
    { timeoutMs: 20_000, what: 'the machine to be up' },
  )
  const left = await killMachineProcesses(machine.id, [])
  if (left > 0) throw new Error(`${left} processes of ${machine.id} would not die.`)
}

async function judge(
  user: TestUser,
  job: GoneJob,
  { levels, moment, behaviour }: Loss,
  limits: Limits,
  anchor: number,
): Promise<readonly string[]> {
  const physical = (engineMs: number): number => anchor + (engineMs - anchor) / limits.speed
  const [launched, ...more] = await machinesOf(user)
  if (launched === undefined) return ['no machine was launched']
  if (more.length > 0) return [`${more.length + 1} machines were launched`]
  const endBy = physical(rentalOnDisk(user.home, launched.name).endBy)
  const machine = await eventually(
    async () => (await machinesOf(user)).find(({ state }) => state === 'ended'),
    {
      timeoutMs: Math.max(0, endBy - Date.now()) + 40_000,
      everyMs: 250,
      what: 'the machine to end itself',
    },
  ).catch(() => null)
  if (machine === null) return ['it is still there 40 s after its end']
  const ran = ['running', 'exited, unseen', 'collecting', 'releasing'].includes(moment)
  return problemsOf({
    levels,
    limits,
    endBy,
    ended: { at: physical(machine.endedAt ?? 0), message: machine.message ?? '' },
    evidence: job.evidence(),
    exits: ran && behaviour === 'short',
    works: behaviour !== 'short' && ['running', 'in set-up'].includes(moment),
  })
}

async function machinesOf(user: TestUser): Promise<readonly z.infer<typeof machineSchema>[]> {
  return z.array(machineSchema).parse(await user.sandbox.machines())
}
