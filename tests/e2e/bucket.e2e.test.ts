import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HomePaths } from '../../main/jobs/home-paths.ts'
import { PARTIAL_FOLDER } from '../../main/transfer/remote-list.ts'
import type { JobDetail } from '../../preload/contract/job.ts'
import { testUser, type TestUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { s3Proxy, type S3Proxy } from '../support/s3-proxy.ts'
import { s3Server, type S3Server } from '../support/s3-server.ts'
import { runLocally, treeHashes, writeTrainingJob } from '../support/training-job.ts'

const weightsMb = 12
const dataBytes = 64 * 1024
const secretKey = 'canary-secret-key-4711'
const server = await s3Server('results')
if (typeof server === 'string') process.stdout.write(`Skipped: ${server}\n`)

describe.skipIf(typeof server === 'string')('results by way of a bucket', () => {
  let reference: Readonly<Record<string, string>>
  let user: TestUser
  let proxy: S3Proxy

  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'sublet-e2e-reference-'))
    await writeTrainingJob(dir, dataBytes)
    await runLocally(dir, join(dir, 'out'), { WEIGHTS_MB: String(weightsMb) })
    reference = await treeHashes(join(dir, 'out'))
    await rm(dir, { recursive: true })
  })
  afterAll(async () => await (server as S3Server).stop())
  beforeEach(async () => {
    proxy = await s3Proxy((server as S3Server).port)
    user = await testUser()
    await writeTrainingJob(user.work, dataBytes)
    await setBucket()
  })
  afterEach(async () => {
    await user.stop()
    await proxy.stop()
  })

  const setBucket = async (): Promise<void> => {
    const set = ['results', '--endpoint', proxy.url, '--access-key-id', 'ada', '--delete-when-home']
    const { exitCode, stderr } = await user.run(['bucket', 'set', ...set], { input: secretKey })
    expect(`${stderr}${exitCode}`).toBe('0')
  }
  const submit = async (): Promise<string> =>
    await user.submit(
      `--script train/train.py --data data --output out --env WEIGHTS_MB=${weightsMb} --mirror off --results bucket --provider sandbox`.split(
        ' ',
      ),
    )

  /** A small job to its end, and what it says of itself with its results home. */
  const runSmall = async (way: string): Promise<JobDetail> => {
    const out = join(user.work, `out-${Date.now()}`)
    const flags = `--gpus 0 --mirror off --results ${way} --provider sandbox --region us-east --keep-warm 0`
    const command = ['--command', 'seq 1 50000 > "$SUBLET_OUTPUT/numbers"', '--output', out]
    const job = await user.submit([...command, ...flags.split(' ')])
    await user.events(['watch', '--until-idle'])
    const detail = await user.show(job)
    expect(detail.summary).toMatchObject({ state: 'done', settled: true, error: null })
    expect(detail.outputs).toMatchObject({ verified: true })
    const numbers = await readFile(join(out, 'numbers'), 'utf8')
    expect(numbers.trim().split('\n')).toHaveLength(50_000)
    return detail
  }

  it('lets the machine go first, survives the engine, and leaves no secret anywhere', async () => {
    expect((await user.run(['bucket', 'check'])).stdout).toMatch(/can be written, read, verified/)
    proxy.holdAfter = 4_000_000
    const signatures = new Set<string>()
    const argumentsThen: string[] = []
    proxy.onUpload = (url) => {
      // The engine makes those itself.
      if (url.includes('sublet-check')) return
      signatures.add(new URL(url, proxy.url).searchParams.get('X-Amz-Signature') ?? '')
      argumentsThen.push(...allArguments())
    }
    const job = await submit()
    await user.until(
      ({ state, progress }) =>
        state === 'releasing' && /In the bucket, coming home: /.test(progress.sentence),
      'results on their way home',
    )
    await user.until(
      ({ settled }) => settled,
      'the receipt of the machine while its results are in the bucket',
    )
    const machines = await user.sandbox.machines()
    expect(machines.map(({ state }) => state)).toEqual(['ended'])

    const partials = join(user.work, 'out', PARTIAL_FOLDER)
    await eventually(async () => (await largestIn(partials)) >= 1_000_000, {
      timeoutMs: 20_000,
      what: 'a part of the weights to be home',
    })
    await user.killEngine()
    proxy.holdAfter = null
    // There is no keychain here, so that the key went with the engine.
    await setBucket()
    await user.events(['watch', '--until-idle'])

    const { summary, outputs, receipts } = await user.show(job)
    expect(summary).toMatchObject({ state: 'done', exitCode: 0, settled: true, error: null })
    expect(outputs).toMatchObject({ verified: true, warnings: [] })
    expect(receipts).toHaveLength(1)
    expect(await treeHashes(join(user.work, 'out'))).toEqual(reference)
    const gets = proxy.seen.filter(({ method }) => method === 'GET')
    expect(gets.some(({ range }) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true)
    expect(
      proxy.seen.filter(({ method, url }) => method === 'DELETE' && url.includes(job)),
    ).toHaveLength(Object.keys(reference).length)
    expect(signatures.size).toBe(Object.keys(reference).length)
    const secrets = [secretKey, ...signatures]
    expect(argumentsThen.length).toBeGreaterThan(0)
    expect(secrets.filter((one) => argumentsThen.some((words) => words.includes(one)))).toEqual([])
    expect(await filesWith(user.base, secrets)).toEqual([])
    await user.quiet()
  })

  it('takes the bucket by itself only when home is too slow, and only one that compares', async () => {
    const uploadsOf = (job: string) =>
      proxy.seen.filter(({ method, url }) => method === 'PUT' && url.includes(job))
    const overQuickLine = await runSmall('auto')
    expect(uploadsOf(overQuickLine.summary.id)).toEqual([])
    expect(overQuickLine.warnings).toEqual([])

    await user.killEngine()
    // What the engine keeps of the line: bringing home what the run made would take 48 minutes.
    const speeds = { version: 1, home: { 'sandbox/us-east': 100 } }
    await writeFile(new HomePaths(user.home).linkSpeeds, JSON.stringify(speeds))
    await setBucket()
    const overSlowLine = await runSmall('auto')
    expect(uploadsOf(overSlowLine.summary.id)).toHaveLength(1)
    expect(overSlowLine.warnings).toEqual([])

    proxy.compares = false
    const before = proxy.seen.length
    const { exitCode, stderr } = await user.run(['bucket', 'check'])
    expect(stderr).toMatch(/cannot be trusted with results; use another one/)
    expect(exitCode).not.toBe(0)
    const withoutTrust = await runSmall('auto')
    expect(uploadsOf(withoutTrust.summary.id)).toEqual([])
    expect(withoutTrust.warnings.join()).toMatch(/cannot be trusted with results.* straight home/)
    const since = proxy.seen.slice(before)
    const written = since.filter(({ method }) => method === 'PUT').map(pathOf)
    const deleted = since.filter(({ method }) => method === 'DELETE').map(pathOf)
    expect(written).toHaveLength(3)
    expect(written.filter((path) => !deleted.includes(path))).toEqual([])
  })

  it('goes straight home when the bucket refuses', async () => {
    proxy.refuse = { status: 403, code: 'InvalidAccessKeyId' }
    const withoutKey = await runSmall('bucket')
    expect(withoutKey.warnings.join()).toMatch(/does not accept the key: .* straight home/)
    proxy.refuse = { status: 507, code: 'InsufficientStorage' }
    const whileFull = await runSmall('bucket')
    expect(whileFull.warnings.join()).toMatch(/is full: .* straight home/)
    // What may have been written before the refusal is not left there to cost something.
    const deleted = proxy.seen.filter(({ method }) => method === 'DELETE')
    expect(deleted.some(({ url }) => url.includes(whileFull.summary.id))).toBe(true)
  })
})

const pathOf = ({ url }: { readonly url: string }): string => url.split('?')[0] ?? ''

/** The arguments of every process of this computer, machines of the sandbox included. */
function allArguments(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(join('/proc', pid, 'cmdline'), 'latin1')]
      } catch {
        return [] // It ended meanwhile.
      }
    })
}

async function largestIn(dir: string): Promise<number> {
  const names = await readdir(dir).catch(() => []) // Not there yet.
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(dir, name))).size))
  return Math.max(0, ...sizes)
}

async function filesWith(dir: string, needles: readonly string[]): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const text = await readFile(path, 'latin1').catch(() => '') // It went meanwhile.
    if (needles.some((needle) => text.includes(needle))) found.push(path)
  }
  return found
}
