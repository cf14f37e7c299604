import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import type { RentalId } from '../../../preload/contract/rental.ts'
import { crashFile, goodKey } from '../../support/leaky-cloud.ts'
import type { TestUser } from '../../support/cli.ts'
import { withEngine } from '../../support/engine-client.ts'
import { eventually } from '../../support/eventually.ts'
import { canary, type Canary } from './needles.ts'

const random = (): string => randomBytes(18).toString('hex')

/** What a user may type somewhere, each of it unique to this run. */
export interface Planted {
  /** Of the account that is added, typed and given by the provider's variable, and one that is refused. */
  readonly apiKey: Canary
  readonly variableKey: Canary
  readonly refusedKey: Canary
  /** Of the job: one word, and one with quotes, lines and umlauts. */
  readonly token: Canary
  readonly awkward: Canary
}

/** Names of the canaries that a job's own processes may know. */
export const jobSecrets: readonly string[] = ['job secret', 'job secret of several lines']
/** Of the one that the user's shell gives to a command. */
export const variableKey = 'account key from a variable'

export function plant(): Planted {
  return {
    apiKey: canary('account key', `${goodKey}${random()}`),
    variableKey: canary(variableKey, `${goodKey}${random()}`),
    refusedKey: canary('refused account key', `tc_bad_${random()}`),
    token: canary('job secret', `hf_${random()}`),
    awkward: canary('job secret of several lines', `ä'"$(${random()})\\\nsecond;line=${random()}ü`),
  }
}

/** What the commands printed, in order. */
export type Printed = (
  args: readonly string[],
  options?: Parameters<TestUser['run']>[1],
) => Promise<void>

/** Adds accounts and secrets as a user would: typed, by a variable, and a wrong one. */
export async function enterSecrets(planted: Planted, run: Printed): Promise<void> {
  const add = ['accounts', 'add', 'testcloud']
  const project = ['--set', 'project=vision-lab']
  await run([...add, '--name', 'wrong', ...project], { input: `${planted.refusedKey.value}\n` })
  await run([...add, '--name', 'typed', ...project], { input: `${planted.apiKey.value}\n` })
  await run(['secrets', 'set', 'TOKEN'], { input: planted.token.value })
  await run(['secrets', 'set', 'AWKWARD'], { input: planted.awkward.value })
  const env = { TEST_CLOUD_API_KEY: planted.variableKey.value }
  await run(['accounts', 'check', 'typed'], { env })
}

const gate = 'go'

/** Writes a job that says nothing of its secrets, and one that prints them in every way it can. */
export function writeJobs(work: string): void {
  for (const name of ['quiet', 'loud']) mkdirSync(join(work, name))
  const wait = `while [ ! -e ${JSON.stringify(join(work, gate))} ]; do sleep 0.05; done`
  const proof = `printf %s "$TOKEN$AWKWARD" | sha256sum | cut -d' ' -f1 > "$SUBLET_OUTPUT/proof"`
  writeFileSync(join(work, 'quiet', 'run.sh'), `#!/bin/sh\n${proof}\n${wait}\n`)
  writeFileSync(
    join(work, 'loud', 'run.sh'),
    `#!/bin/sh
${proof}
echo "$TOKEN"; echo "$AWKWARD" >&2
printf %s "$TOKEN" | base64 -w0; echo
printf 'a%.0s' $(seq 1 70000); echo "$TOKEN"
printf %s "$TOKEN" | cut -c1-9 | tr -d '\\n'; sleep 0.3; printf %s "$TOKEN" | cut -c10-; echo
${wait}
exit 3
`,
  )
}

/** Submits a job and answers it once it runs, with the private key of its machine as a canary. */
export async function submitOne(
  user: TestUser,
  name: string,
): Promise<{ readonly job: string; readonly rental: RentalId; readonly key: Canary }> {
  const secrets = ['--secret', 'TOKEN', '--secret', 'AWKWARD', '--name', name]
  const where = ['--provider', 'testcloud', '--gpus', '0', '--accept-no-lease', '--keep-warm', '0']
  const job = await user.submit(['--script', name, '--output', `out-${name}`, ...where, ...secrets])
  await user.until((one) => one.id === job && one.state === 'running', `${name} to run`)
  const rental = (await user.show(job)).summary.rentalId
  if (rental === null) throw new Error(`${name} runs nowhere.`)
  const pem = readFileSync(new HomePaths(user.home).rentalKey(rental), 'utf8')
  return { job, rental, key: canary(`private key of ${name}`, pem) }
}

/** Lets both jobs end. */
export function letJobsEnd(work: string): void {
  writeFileSync(join(work, gate), '')
}

/** Everything that can be asked about the jobs and the books, by command line and by RPC. */
export async function askEverything(
  user: TestUser,
  jobs: readonly string[],
  run: Printed,
): Promise<void> {
  for (const job of jobs) {
    for (const args of [
      ['show', job],
      ['show', job, '--json'],
      ['logs', job],
    ])
      await run(args)
  }
  const lists = ['jobs', 'instances', 'ledger', 'doctor', 'accounts list', 'secrets list', 'offers']
  for (const list of lists)
    await run([...list.split(' '), ...(list === 'doctor' ? [] : ['--json'])])
  await withEngine(user.home, async (api) => {
    const signal = AbortSignal.timeout(20_000)
    await api.system.watch({}, { signal })
    await api.settings.watch({}, { signal })
    await api.accounts.providers({}, { signal })
    for (const format of ['csv', 'json'] as const) {
      const period = { simulated: true } as const
      const { events } = await api.ledger.export({ ...period, format }, { signal })
      for await (const { text } of events)
        writeFileSync(join(user.base, `ledger.${format}`), text, { flag: 'a' })
    }
  })
}

/** Breaks the engine in the provider's code, with the key in the error. */
export async function crash(user: TestUser, run: Printed): Promise<void> {
  const pid = user.enginePid()
  const folder = new HomePaths(user.home).provider('testcloud')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, crashFile), '')
  await run(['instances'])
  await eventually(() => user.enginePid() !== pid, {
    timeoutMs: 20_000,
    what: 'the engine to crash',
  })
}
