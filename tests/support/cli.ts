import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jobIdSchema } from '../../preload/contract/job-state.ts'
import type { JobDetail, JobSummary } from '../../preload/contract/job.ts'
import type { JobState } from '../../preload/contract/job-state.ts'
import { connectEngine } from '../../main/engine/connect.ts'
import { homeAt } from '../../main/engine/home.ts'
import { readEngineInfo } from '../../main/engine/engine-info.ts'
import { subletVersion } from '../../main/engine/version.ts'
import { HomePaths } from '../../main/jobs/home-paths.ts'
import { readEndpoint } from '../../main/providers/sandbox/launcher.ts'
import { stopSandbox } from '../../main/providers/sandbox/status.ts'
import { eventually } from './eventually.ts'
import { processesTouching } from './processes-touching.ts'
import { sandboxControl, type SandboxControl } from './sandbox.ts'
import { isAlive, signalAll } from './sshd-processes.ts'
import { startSublet, type SubletProcess, type SubletProcessOptions } from './sublet-process.ts'

/** What a command line said and how it ended. */
export interface CliResult {
  readonly exitCode: number | string
  readonly stdout: string
  readonly stderr: string
}

export type CliOptions = SubletProcessOptions & {
  readonly input?: string
  /** Standard input stays open, as at a terminal where nobody types. */
  readonly keepInput?: boolean
}

/** A user with a Sublet home and an empty work folder, all below one temporary folder. */
export interface TestUser {
  readonly base: string
  readonly home: string
  readonly work: string
  /** Starts a command line in the work folder and leaves it running. */
  start(args: readonly string[], options?: CliOptions): SubletProcess
  /** Runs a command line to its end, whatever that is. */
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>
  /** The same with `--json`, parsed; fails unless it exits with 0. */
  json<T>(args: readonly string[]): Promise<T>
  /** The JSON lines of a `run --json` or `watch --json`; fails unless it exits with 0. */
  events(args: readonly string[]): Promise<readonly CliEvent[]>
  /** Submits by `run --detach` and answers the job's id, once its inputs are frozen. */
  submit(args: readonly string[]): Promise<string>
  show(job: string): Promise<JobDetail>
  /** Follows the engine's jobs until one is as wanted; waits for an engine, but starts none. */
  until(wanted: (job: JobSummary) => boolean, what: string): Promise<JobSummary>
  untilState(state: JobState): Promise<JobSummary>
  /** Process id of the engine; null when none runs. */
  enginePid(): number | null
  /** SIGKILL, and waits until it is gone. */
  killEngine(): Promise<void>
  readonly sandbox: SandboxControl
  /** Ends when nothing but engine and sandbox is left of all that the user started. */
  quiet(): Promise<void>
  /** Ends engine and sandbox, fails if then a process is left, and removes the folder. */
  stop(): Promise<void>
}

export interface CliEvent {
  readonly type: string
  readonly [key: string]: unknown
}

const longMs = 40_000

/** Call `stop` in the test's clean-up. */
export async function testUser(): Promise<TestUser> {
  const base = await mkdtemp(join(tmpdir(), 'sublet-e2e-'))
  const [home, work, user] = [join(base, 'home'), join(base, 'work'), join(base, 'user')]
  await mkdir(work)
  await mkdir(user)
  const stateDir = new HomePaths(home).provider('sandbox')
  // Neither the developer's SSH configuration nor their keychain has a part in a test.
  const own = { HOME: user, TMPDIR: base, SSH_AUTH_SOCK: undefined, DBUS_SESSION_BUS_ADDRESS: '' }

  const start = (args: readonly string[], options: CliOptions = {}): SubletProcess => {
    const { input, keepInput, env, ...rest } = options
    const started = startSublet(args, home, { cwd: work, ...rest, env: { ...own, ...env } })
    if (keepInput !== true) started.child.stdin.end(input)
    return started
  }
  const run = async (args: readonly string[], options?: CliOptions): Promise<CliResult> => {
    const started = start(args, options)
    const exitCode = await started.exit
    return { exitCode, stdout: started.stdout(), stderr: started.stderr() }
  }
  const proper = async (args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run([...args, '--json'])
    if (exitCode === 0) return stdout
    throw new Error(`sublet ${args.join(' ')} exited with ${exitCode}: ${stderr || stdout}`)
  }
  const events = async (args: readonly string[]): Promise<readonly CliEvent[]> =>
    (await proper(args))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as CliEvent)
  const json = async <T>(args: readonly string[]): Promise<T> => JSON.parse(await proper(args)) as T
  const enginePid = (): number | null => {
    const pid = readEngineInfo(homeAt(home))?.pid ?? null
    return pid !== null && isAlive(pid) ? pid : null
  }
  const sandboxPid = (): number | null => readEndpoint(stateDir)?.pid ?? null
  const endEngine = async (signal: NodeJS.Signals): Promise<void> => {
    const pid = enginePid()
    if (pid === null) return
    signalAll([pid], signal)
    await eventually(() => !isAlive(pid), { timeoutMs: 20_000, what: 'the engine to end' })
  }
  const toEngine = () =>
    connectEngine({
      home,
      clientVersion: subletVersion(),
      role: 'test',
      startIfAbsent: false,
    })
  const until: TestUser['until'] = async (wanted, what) => {
    const client = await eventually(toEngine, { timeoutMs: longMs, what: 'an engine' })
    try {
      const stream = await client.api.jobs.watch({}, { signal: AbortSignal.timeout(longMs) })
      const known = stream.snapshot.find((job) => wanted(job))
      if (known !== undefined) return known
      for await (const job of stream.events) if (wanted(job)) return job
      throw new Error(`The engine stopped reporting before ${what}.`)
    } catch (cause) {
      throw new Error(`Waited for ${what}.`, { cause })
    } finally {
      client.close()
    }
  }
  const leftBy = (except: readonly (number | null)[]): string[] =>
    processesTouching(base)
      .filter(({ pid }) => !except.includes(pid))
      .map(({ pid, words }) => `${pid} ${words}`)
  const nothingLeft = async (
    except: () => readonly (number | null)[],
    again: () => Promise<unknown> = async () => undefined,
  ): Promise<void> => {
    let left: string[] = []
    await eventually(
      async () => {
        await again()
        left = leftBy(except())
        return left.length === 0
      },
      { timeoutMs: 20_000, everyMs: 100, what: 'every process to end' },
    ).catch((cause: unknown) => {
      throw new Error(`Still running:\n${left.join('\n')}`, { cause })
    })
  }

  return {
    base,
    home,
    work,
    start,
    run,
    json,
    events,
    submit: async (args) => {
      const submitted = (await events(['run', ...args, '--detach', '--yes'])).at(-1)
      if (submitted?.type === 'submitted') return String(submitted['job'])
      throw new Error(`Not submitted: ${JSON.stringify(submitted)}`)
    },
    show: async (job) => {
      // A command costs a process; it is needed for a name, and where no engine runs.
      const byId = jobIdSchema.safeParse(job).success && enginePid() !== null
      const running = byId ? await toEngine().catch(() => null) : null
      if (running === null) return await json<JobDetail>(['show', job])
      try {
        return await running.api.jobs.show({ jobId: job })
      } finally {
        running.close()
      }
    },
    until,
    untilState: (state) => until((job) => job.state === state, `the state ${state}`),
    enginePid,
    killEngine: () => endEngine('SIGKILL'),
    sandbox: sandboxControl(stateDir, () => run(['offers', '--provider', 'sandbox'])),
    quiet: () => nothingLeft(() => [enginePid(), sandboxPid()]),
    stop: async () => {
      try {
        await endEngine('SIGTERM')
        // The engine may have started it a moment ago: it is then found only once it listens.
        await nothingLeft(
          () => [],
          async () => await stopSandbox(stateDir, { force: true }),
        )
      } finally {
        signalAll(
          processesTouching(base).map(({ pid }) => pid),
          'SIGKILL',
        )
        await rm(base, { recursive: true, force: true, maxRetries: 5 })
      }
    },
  }
}
