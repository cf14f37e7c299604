import type { Act } from './act.ts'

/** A short life of a job or two that the engine is killed in. */
export interface Scenario {
  readonly name: string
  /** Submits, acts as the user, and returns when nothing more is to be done but to wait. */
  play(act: Act): Promise<void>
  /** How the jobs end: state and exit code, in the order of their submission. */
  readonly ends: readonly {
    readonly state: string
    /** The job may have been ended by a signal, or not yet have begun. */
    readonly exitCode: number | null | 'any'
  }[]
  /** Machines that may be launched, and starts of the script that may happen, at least and at most. */
  readonly machines: readonly [least: number, most: number]
  readonly starts: readonly [least: number, most: number]
  /** A stop in the middle of an upload may come before or after the script's first line. */
  readonly mayLackResults?: true
}

const begin = 'echo start >> "$STARTS"\necho one\n'
const write = `cp note.txt "$SUBLET_OUTPUT/note.txt"
i=0; while [ $i -lt 200 ]; do echo "$i $i $i"; i=$((i+1)); done > "$SUBLET_OUTPUT/numbers.txt"
`
const plainScript = `${begin}${write}echo two\n`
const gatedScript = `${begin}${write}while [ ! -e "$GATE" ]; do sleep 0.05; done\necho two\n`
const done = { state: 'done', exitCode: 0 } as const
const stopped = { state: 'cancelled', exitCode: 'any' } as const
/** One job that comes to a good end with one machine and one start, whatever happens to it. */
const once = { ends: [done], machines: [1, 1], starts: [1, 1] } as const

export const scenarios: readonly Scenario[] = [
  {
    name: 'a plain job',
    ...once,
    play: async (act) => {
      await act.submit(plainScript, { after: 'true' })
    },
  },
  {
    name: 'a job that fails',
    ...once,
    ends: [{ state: 'failed', exitCode: 3 }],
    play: async (act) => {
      await act.submit(`${plainScript}exit 3\n`)
    },
  },
  {
    name: 'a running job that is stopped',
    ...once,
    ends: [stopped],
    play: async (act) => {
      const job = await act.submit(gatedScript)
      await act.untilKind(job, 'started')
      await act.until(() => act.startCount() > 0, 'the script to start')
      await act.stop(job)
    },
  },
  {
    name: 'a job that is stopped while it uploads',
    ...once,
    ends: [stopped],
    starts: [0, 1],
    mayLackResults: true,
    play: async (act) => {
      const job = await act.submit(gatedScript)
      await slowDown(act)
      await act.untilKind(job, 'connected')
      await act.stop(job)
    },
  },
  {
    name: 'a launch that finds no capacity',
    ...once,
    play: async (act) => {
      await act.stage.sandbox.fault({ kind: 'no-capacity' }, { operation: 'launch' })
      await act.submit(plainScript)
    },
  },
  {
    name: 'a launch whose answer is lost',
    ...once,
    play: async (act) => {
      await act.stage.sandbox.fault({ kind: 'disconnect', when: 'after' }, { operation: 'launch' })
      await act.submit(plainScript)
    },
  },
  {
    name: 'a release that takes its time',
    ...once,
    play: async (act) => {
      await act.stage.sandbox.fault({ kind: 'slow-release', ms: 3_000 })
      await act.stage.sandbox.fault({ kind: 'leftover-disk' })
      await act.submit(plainScript)
    },
  },
  {
    name: 'a machine kept warm for a second job',
    ends: [done, done],
    // Whose results are home ends itself if nobody comes soon to keep it warm.
    machines: [1, 2],
    starts: [2, 2],
    play: async (act) => {
      const first = await act.submit(plainScript, { keepWarm: '10m' })
      await act.untilKind(first, 'ended')
      await act.submit(plainScript, { keepWarm: '4s' })
    },
  },
  {
    name: 'a job that is extended',
    ...once,
    play: async (act) => {
      const job = await runGated(act)
      await extend(act, job)
      await endLeased(act, job)
    },
  },
  {
    name: 'an extension that the provider refuses',
    ...once,
    play: async (act) => {
      const job = await runGated(act)
      await act.stage.sandbox.fault({ kind: 'expiry-disabled' }, { remaining: null })
      await extend(act, job)
      await act.untilKind(job, 'extension-refused')
      await act.stage.sandbox.clearFaults()
      await endLeased(act, job)
    },
  },
  {
    name: 'a spot machine that is taken back',
    ends: [done],
    machines: [2, 2],
    starts: [2, 2],
    play: async (act) => {
      const script = `echo start >> "$STARTS"
echo "resume $SUBLET_RESUME"
if [ "$SUBLET_RESUME" = 1 ]; then ${write.trim()}; exit 0; fi
while :; do sleep 0.05; done
`
      const job = await act.submit(script, { spot: true })
      await act.untilStarted()
      await act.until(() => act.logOf(job).includes('resume 0'), 'the log to come home')
      await act.untilKind(job, 'started')
      await act.stage.sandbox.machine(rentalOf(act, job), 'reclaim', { noticeMs: 18_000 })
    },
  },
  {
    name: 'a machine that shows up after its receipt',
    ...once,
    ends: [stopped],
    starts: [0, 0],
    play: async (act) => {
      const { sandbox } = act.stage
      await sandbox.fault({ kind: 'invisible', ms: 24_000 })
      await sandbox.fault(
        { kind: 'error', when: 'after', status: 503 },
        { operation: 'launch', remaining: null },
      )
      const job = await act.submit(plainScript)
      await act.until(
        () => act.stage.journal.kinds(rentalOf(act, job)).includes('launch-unanswered'),
        'the launch to be asked for',
      )
      await act.stop(job)
      await act.until(async () => {
        await act.ask((api) => api.instances.list({ environment: {} }))
        // Killed in the middle of a call, it waits longer for a late effect, and finds it.
        return (
          act.stage.journal.kinds(rentalOf(act, job)).includes('reappeared') ||
          (act.isOver() && (await act.allEnded()))
        )
      }, 'the machine to be seen')
    },
  },
]

/** The rental that the job's last attempt is on. */
function rentalOf(act: Act, job: string): string {
  return String(act.stage.journal.data(job, 'attempt-started').at(-1)?.['rentalId'])
}

/** A job that runs until its gate is opened, with room for an extension. */
async function runGated(act: Act): Promise<string> {
  const job = await act.submit(gatedScript, { maxDuration: '2h' })
  await act.untilStarted()
  await act.untilKind(job, 'started')
  return job
}

/** Lets the job end once the lease that was moved is on its machine. */
async function endLeased(act: Act, job: string): Promise<void> {
  const kinds = (): readonly string[] => act.stage.journal.kinds(rentalOf(act, job))
  await act.until(() => kinds().at(-1) === 'leased', 'leased')
  await act.openGate()
}

async function extend(act: Act, job: string): Promise<void> {
  await act.insist(
    () => act.has(job, 'extended') || null,
    (api) =>
      act.has(job, 'extended')
        ? Promise.resolve()
        : api.jobs.extend({ jobId: job, byMs: 3_600_000 }).catch((thrown: unknown) => {
            // A refusal is what one scenario is about.
            if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'unsupported')) {
              throw thrown
            }
          }),
  )
}

/** Holds the upload: every packet to the machine is late from its boot on. */
async function slowDown(act: Act): Promise<void> {
  await act.until(async () => {
    const [name] = act.rentals()
    const machine = (await act.stage.sandbox.machines()).find((one) => one.name === name)
    if (machine?.state !== 'running') return false
    await act.stage.sandbox.machine(machine.id, 'network', { delayMs: 12 })
    return true
  }, 'the machine to boot')
}
