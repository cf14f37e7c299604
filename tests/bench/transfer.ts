import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { connectMachine } from '../../main/machine/ssh/connect.ts'
import { receiveTree } from '../../main/transfer/collect.ts'
import { freeze } from '../../main/transfer/freeze.ts'
import type { FrozenManifest } from '../../main/transfer/frozen.ts'
import { MirrorState } from '../../main/transfer/mirror-state.ts'
import { scanTree } from '../../main/transfer/scan.ts'
import { sendTree } from '../../main/transfer/send.ts'
import { memoryPins } from '../support/host-key-pins.ts'
import { randomFile } from '../support/random-file.ts'
import { sshdAvailable, startSshd, type TestSshd } from '../support/sshd.ts'

/**
 * Transfers against scp and rsync on loopback, all in one run, since only ratios mean something.
 * `node tests/bench/transfer.ts [--mb 1000] [--files 5000] [--round-trip-ms 0]`
 */
const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '1000' },
    files: { type: 'string', default: '5000' },
    'round-trip-ms': { type: 'string', default: '0' },
  },
})
const run = promisify(execFile)
const MB = Number(values.mb)
const FILES = Number(values.files)
const DELAY_MS = Number(values['round-trip-ms']) / 2

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

function tell(
  what: string,
  oursMs: number,
  others: Readonly<Record<string, number>>,
  mb: number,
): void {
  const speed = mb > 0 ? ` ${Math.round((mb * 1000) / oursMs)} MB/s` : ''
  const ratios = Object.entries(others).map(
    ([name, ms]) => `${(ms / oursMs).toFixed(2)}x ${name} (${Math.round(ms)} ms)`,
  )
  process.stdout.write(`${what}: ${Math.round(oursMs)} ms${speed}; ${ratios.join(', ')}\n`)
}

async function slowLink(
  port: number,
): Promise<{ readonly port: number; readonly stop: () => void }> {
  if (DELAY_MS === 0) return { port, stop: () => undefined }
  const script = join(import.meta.dirname, 'slow-link.ts')
  const link = spawn(process.execPath, [script, String(port), String(DELAY_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve) => {
    link.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
  })
  return { port: Number(line), stop: () => link.kill() }
}

async function bench(sshd: TestSshd, port: number, base: string): Promise<void> {
  const knownHosts = join(base, 'known_hosts')
  const hostKeys = await sshd.hostKeys()
  writeFileSync(knownHosts, hostKeys.map((line) => `[127.0.0.1]:${port} ${line}\n`).join(''))
  const key = [
    '-i',
    sshd.privateKeyPath,
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    `UserKnownHostsFile=${knownHosts}`,
    '-o',
    'LogLevel=ERROR',
  ]
  const scp = async (from: string, to: string): Promise<void> => {
    await run('scp', ['-q', '-P', String(port), ...key, from, to])
  }
  const rsync = async (from: string, to: string): Promise<void> => {
    await run('rsync', ['-a', '-e', `ssh -p ${port} ${key.join(' ')}`, from, to])
  }
  const there = (path: string): string => `${sshd.user}@127.0.0.1:${join(sshd.home, path)}`
  const here = (path: string): string => {
    mkdirSync(join(base, path), { recursive: true })
    return join(base, path)
  }
  const frozenOf = async (root: string): Promise<FrozenManifest> =>
    await freeze((await scanTree(root, { ignore: 'data' })).manifest, join(base, 'blobs'))
  const machine = await connectMachine({ ...(await sshd.target()), port }, {}, memoryPins())
  const fetch = async (dir: string, to: string, name: string): Promise<number> => {
    const state = await MirrorState.open(join(base, name))
    return await timed(async () => await receiveTree(machine, dir, to, { state, verify: true }))
  }

  const big = here('big')
  randomFile(join(big, 'big.bin'), MB * 1e6)
  const bigFrozen = await frozenOf(big)
  const up = {
    scp: await timed(async () => await scp(join(big, 'big.bin'), there('scp.bin'))),
    rsync: await timed(async () => await rsync(join(big, 'big.bin'), there('rsync.bin'))),
  }
  tell(`${MB} MB up`, await timed(async () => await sendTree(machine, bigFrozen, 'big')), up, MB)
  const down = {
    scp: await timed(async () => await scp(there('scp.bin'), here('scp'))),
    rsync: await timed(async () => await rsync(there('scp.bin'), here('rsync'))),
  }
  tell(`${MB} MB down, verified`, await fetch('big', here('ours'), 'big.state'), down, MB)

  const many = here('many')
  for (let index = 0; index < FILES; index += 1) {
    const folder = join(many, `d${Math.floor(index / 100)}`)
    if (index % 100 === 0) mkdirSync(folder)
    writeFileSync(join(folder, `f${index}`), `${index} `.repeat(4096).slice(0, 4096))
  }
  const manyFrozen = await frozenOf(many)
  const send = async (): Promise<number> =>
    await timed(async () => await sendTree(machine, manyFrozen, 'many'))
  const rsyncUp = async (): Promise<number> =>
    await timed(async () => await rsync(`${many}/`, there('rsync-many/')))
  tell(`${FILES} files up`, await send(), { rsync: await rsyncUp() }, 0)
  tell(`${FILES} files up again, unchanged`, await send(), { rsync: await rsyncUp() }, 0)
  const rsyncDown = async (): Promise<number> =>
    await timed(async () => await rsync(there('many/'), here('many-rsync')))
  const home = here('many-ours')
  tell(
    `${FILES} files down, verified`,
    await fetch('many', home, 'many.state'),
    { rsync: await rsyncDown() },
    0,
  )
  tell(
    `${FILES} files down again, verified`,
    await fetch('many', home, 'many.state'),
    { rsync: await rsyncDown() },
    0,
  )
  machine.close()
}

if (sshdAvailable()) {
  const sshd = await startSshd()
  const base = mkdtempSync(join(tmpdir(), 'sublet-bench-'))
  const link = await slowLink(sshd.port)
  try {
    await bench(sshd, link.port, base)
  } finally {
    link.stop()
    await sshd.stop()
    rmSync(base, { recursive: true, force: true })
  }
}
