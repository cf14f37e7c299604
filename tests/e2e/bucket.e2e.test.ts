import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PARTIAL_FOLDER } from '../../main/transfer/remote-list.ts'
import { testUser, type TestUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { s3Proxy, type S3Proxy } from '../support/s3-proxy.ts'
import { s3Server, type S3Server } from '../support/s3-server.ts'
import { runLocally, treeHashes, writeTrainingJob } from '../support/training-job.ts'

const weightsMb = 12
const dataBytes = 64 * 1024
const secretKey = 'canary-secret-key-4711'
const small = ['--command', 'seq 1 50000 > "$SUBLET_OUTPUT/numbers"'] as const
const flags = (way: string): string[] =>
  `--gpus 0 --mirror off --results ${way} --provider sandbox`.split(' ')
/** Bringing that home would take far more than half an hour over any line here. */
const hugeResults = ['--output-size', '900GB'] as const
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

  const linesHome = async (): Promise<number> =>
    (await readFile(join(user.work, 'out', 'numbers'), 'utf8')).trim().split('\n').length

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

  it('finds a server that repeats a checksum without comparing it, and brings nothing there', async () => {
    proxy.compares = false
    const check = await user.run(['bucket', 'check'])
    expect(check.exitCode).not.toBe(0)
    expect(check.stderr).toMatch(/cannot be trusted with results; use another one/)
    const job = await user.submit([...small, '--output', 'out', ...flags('auto'), ...hugeResults])
    await user.events(['watch', '--until-idle'])
    const { summary, warnings } = await user.show(job)
    expect(summary).toMatchObject({ state: 'done', settled: true, error: null })
    expect(warnings.filter((one) => /cannot be trusted.*straight home/.test(one))).toHaveLength(1)
    expect(proxy.seen.filter(({ method, url }) => method === 'PUT' && url.includes(job))).toEqual(
      [],
    )
    expect(await linesHome()).toBe(50_000)
    const left = proxy.seen.filter(({ method, url }) => method === 'PUT' && url.includes('sublet-'))
    const deleted = proxy.seen.filter(({ method }) => method === 'DELETE').map(({ url }) => url)
    for (const { url } of left) {
      expect(deleted.some((one) => one.split('?')[0] === url.split('?')[0])).toBe(true)
    }
  })

  it.each([
    [{ status: 403, code: 'InvalidAccessKeyId' }, /does not accept the key: .* straight home/],
    [{ status: 507, code: 'InsufficientStorage' }, /is full: .* straight home/],
  ])('goes straight home when the bucket says %o', async (refusal, sentence) => {
    proxy.refuse = refusal
    const job = await user.submit([...small, '--output', 'out', ...flags('bucket')])
    await user.events(['watch', '--until-idle'])
    const { summary, outputs, warnings } = await user.show(job)
    expect(summary).toMatchObject({ state: 'done', settled: true, error: null })
    expect(outputs).toMatchObject({ verified: true })
    expect(warnings.filter((one) => sentence.test(one))).toHaveLength(1)
    expect(await linesHome()).toBe(50_000)
  })
})

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
