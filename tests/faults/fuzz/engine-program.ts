// Fuzzes every procedure of the contract against the engine's own router and services, in a process
// of its own: `node engine-program.ts SEED RUNS`. One JSON line a procedure, then one for the end.
// It reaches nothing: names have no addresses, and the practice cloud rents nothing out.
import dns from 'node:dns'
import net from 'node:net'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { contract } from '../../../preload/contract/contract.ts'
import type { ContractTable } from '../../../preload/contract/procedure.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import { createRouter, type Router } from '../../../main/rpc/router.ts'
import { stopSandbox } from '../../../main/providers/sandbox/status.ts'
import { sandboxControl } from '../../support/sandbox.ts'
import { servicesRig } from '../../support/services-rig.ts'
import { fuzzProcedure } from './fuzz-procedure.ts'
import { seeded } from './random.ts'

const [seed = 1, runs = 50] = process.argv.slice(2).map(Number)
const client = { role: 'test', version: '1' }

/** A name or an address that a fuzzed input holds must not leave this computer. */
function cutOff(): void {
  const nowhere = (name: string, ...rest: unknown[]): void => {
    const callback = rest.at(-1) as (error: Error) => void
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' })
    process.nextTick(callback, error)
  }
  dns.lookup = nowhere as typeof dns.lookup
  const usual = Reflect.get(net.Socket.prototype, 'connect') as (...args: unknown[]) => net.Socket
  Reflect.set(net.Socket.prototype, 'connect', function (this: net.Socket, ...args: unknown[]) {
    const host = hostOf(args)
    const isHere = net.isIP(host) === 0 || host.startsWith('127.') || host === '::1'
    return isHere ? usual.apply(this, args) : this.destroy(new Error(`connect ENETUNREACH ${host}`))
  })
  syncBuiltinESMExports()
}

/** The host among the arguments of `connect`: options, or a port and a host, as they are or in a list. */
function hostOf(args: readonly unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as readonly unknown[]) : args
  if (typeof first === 'object' && first !== null && 'host' in first) return String(first.host)
  return typeof first === 'number' && typeof second === 'string' ? second : ''
}

/** One real job, so that procedures about jobs have something to be asked about. */
async function plantJob(router: Router, baseDir: string): Promise<readonly string[]> {
  const context = { signal: new AbortController().signal, client }
  const proposed = await router.call(
    'jobs.propose',
    { file: { command: 'true', budget: '$5', maxDuration: '1h' }, baseDir, environment: {} },
    context,
  )
  if (!proposed.ok) {
    console.error(proposed.error.message)
    return []
  }
  const { spec, ceiling } = proposed.value as { readonly spec: unknown; readonly ceiling: unknown }
  const submitted = await router.call(
    'jobs.submit',
    { spec, ceiling, acceptsNoLease: true, environment: {} },
    context,
  )
  return submitted.ok ? [(submitted.value as { readonly jobId: string }).jobId] : []
}

/** A job that an input has made or revived: hundreds of them would be worked on, and asked about. */
const stopOther =
  (router: Router, planted: readonly string[]) =>
  async (value: unknown): Promise<void> => {
    const jobId = Reflect.get(Object(value), 'jobId') as unknown
    if (typeof jobId !== 'string' || planted.includes(jobId)) return
    const context = { signal: new AbortController().signal, client }
    await router.call('jobs.stop', { jobId, discard: true }, context)
  }

const rig = await servicesRig([])
const stateDir = new HomePaths(rig.folder).provider('sandbox')
try {
  cutOff()
  const router = createRouter(contract, rig.handlers, silentLogger)
  const context = { signal: new AbortController().signal, client }
  const control = sandboxControl(stateDir, () =>
    router.call('offers.list', { query: {}, environment: {} }, context),
  )
  await control.fault({ kind: 'no-capacity' }, { operation: 'launch', remaining: null })
  const jobs = await plantJob(router, process.cwd())
  const paths = [process.cwd(), join(process.cwd(), 'file.yaml'), join(process.cwd(), 'no', 'file')]
  const known = {
    ...(jobs.length === 0 ? {} : { jobId: jobs }),
    path: paths,
    dir: paths,
    baseDir: paths,
    outputDir: [join(process.cwd(), 'out')],
    accountId: ['sandbox'],
    providerId: ['sandbox', 'host'],
    environment: [{}],
  }
  let index = 0
  // Jobs come last: the hundreds that are made again there would be priced by every other question.
  const services = Object.entries(contract as ContractTable).toSorted(
    ([a], [b]) => Number(a === 'jobs') - Number(b === 'jobs'),
  )
  for (const [service, table] of services) {
    for (const [name, procedure] of Object.entries(table)) {
      index += 1
      const random = seeded(seed * 1_000 + index)
      const method = `${service}.${name}`
      const report = await fuzzProcedure(router, method, procedure, {
        random,
        runs,
        known,
        client,
        tidy: stopOther(router, jobs),
      })
      console.log(JSON.stringify(report))
    }
  }
  const list = await router.call('jobs.list', {}, context)
  console.log(
    JSON.stringify({
      end: true,
      lists: list.ok,
      planted: jobs.length,
      rss: process.memoryUsage.rss(),
    }),
  )
} finally {
  await stopSandbox(stateDir, { force: true })
  rig.close()
}
process.exit(0)
