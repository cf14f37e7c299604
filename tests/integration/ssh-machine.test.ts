import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Machine } from '../../main/machine/machine.ts'
import { connectMachine, type ConnectOptions } from '../../main/machine/ssh/connect.ts'
import { eventually } from '../support/eventually.ts'
import { memoryPins } from '../support/host-key-pins.ts'
import { isAlive } from '../support/sshd-processes.ts'
import { sshdAvailable, startSshd, type SshdOptions, type TestSshd } from '../support/sshd.ts'

const sshds: TestSshd[] = []
const machines: Machine[] = []
afterEach(async () => {
  for (const machine of machines.splice(0)) machine.close()
  for (const sshd of sshds.splice(0)) await sshd.stop()
})

async function setUp(
  options: SshdOptions = {},
  connect: ConnectOptions = {},
): Promise<{ sshd: TestSshd; machine: Machine }> {
  const sshd = await startSshd(options)
  sshds.push(sshd)
  const machine = await connectMachine(await sshd.target(), {}, memoryPins(), connect)
  machines.push(machine)
  return { sshd, machine }
}

describe.skipIf(!sshdAvailable())('commands over SSH', () => {
  test('answer, exit code, standard input and a signal arrive', async () => {
    const { sshd, machine } = await setUp()
    expect(machine.home).toBe(sshd.home)
    expect(machine.label).toBe(`${sshd.user}@127.0.0.1:${sshd.port}`)
    expect(await machine.exec('echo out; echo err >&2; exit 3')).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    })
    const echoed = await machine.exec('cat', { stdin: 'grüße\0' })
    expect(echoed.stdout).toBe('grüße\0')
    expect((await machine.exec('kill -9 $$')).exitCode).toBe(null)
  })

  test('forty commands at once share the ten sessions of sshd, with SFTP open', async () => {
    const { machine } = await setUp()
    const file = await machine.openFile('held', 'create')
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => await machine.exec(`echo ${index}`)),
    )
    expect(answers.map((answer) => answer.stdout)).toEqual(answers.map((_, index) => `${index}\n`))
    await file.close()
  })

  test('a server that allows two sessions is served two at a time', async () => {
    const { machine } = await setUp({ extraConfig: ['MaxSessions 2'] })
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => await machine.exec(`echo ${index}`)),
    )
    expect(answers.every((answer) => answer.exitCode === 0)).toBe(true)
  })

  test('50 MB out wait for a slow reader instead of filling the memory, and arrive whole', async () => {
    const { machine } = await setUp()
    const command = await machine.spawn('head -c 50000000 /dev/zero; touch written')
    const mebibyte = 1024 * 1024
    await eventually(() => command.stdout.readableLength > mebibyte, { what: 'the first window' })
    expect((await machine.exec('test -e written')).exitCode).toBe(1)
    expect(command.stdout.readableLength).toBeLessThan(4 * mebibyte)
    let received = 0
    const slow = new Writable({
      highWaterMark: 64 * 1024,
      write(chunk: Buffer, _encoding, callback) {
        received += chunk.length
        setImmediate(callback)
      },
    })
    await pipeline(command.stdout, slow)
    expect(await command.exit).toBe(0)
    expect(received).toBe(50_000_000)
  })

  test('50 MB in through standard input arrive whole', async () => {
    const { machine } = await setUp()
    const bytes = randomBytes(50_000_000)
    const command = await machine.spawn('sha256sum')
    let answer = ''
    command.stdout.on('data', (chunk: Buffer) => {
      answer += chunk.toString()
    })
    await pipeline([bytes.subarray(0, 25_000_000), bytes.subarray(25_000_000)], command.stdin)
    expect(await command.exit).toBe(0)
    expect(answer.slice(0, 64)).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  test('new session keys in the middle of traffic both ways harm nothing', async () => {
    const { machine } = await setUp({ extraConfig: ['RekeyLimit 1M'] })
    const bytes = randomBytes(6_000_000)
    const size = 32_768
    const file = await machine.openFile('big', 'create')
    const offsets = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => n * size)
    const write = async (at: number): Promise<void> =>
      await file.write(at, bytes.subarray(at, at + size))
    const noise = machine.exec('head -c 6000000 /dev/zero')
    await Promise.all(offsets.map(write))
    expect((await noise).stdout.length).toBe(6_000_000)
    const read = await Promise.all(offsets.map(async (at) => await file.read(at, size)))
    expect(bytes.equals(Buffer.concat(read))).toBe(true)
    await file.close()
  })

  test('a command that does not read its input ends the writer instead of hanging it', async () => {
    const { machine } = await setUp()
    const command = await machine.spawn('head -c 1 >/dev/null')
    command.stdout.resume()
    await expect(pipeline([randomBytes(8_000_000)], command.stdin)).rejects.toThrow()
    expect(await command.exit).toBe(0)
  })

  test('an abort mid-way rejects with its reason and hangs the command up', async () => {
    // Signals reach a command only where sshd forces none of its own.
    const { sshd, machine } = await setUp({ extraConfig: ['MaxSessions 1', 'ForceCommand none'] })
    const stop = new AbortController()
    const note = join(sshd.home, 'pid')
    const endless = machine.exec(`echo $$ >${note}; exec sleep 300`, { signal: stop.signal })
    const pid = Number(await eventually(async () => await readFile(note, 'utf8')))
    const given = new AbortController()
    const tired = machine.exec('echo never', { signal: given.signal })
    given.abort(new Error('tired'))
    await expect(tired).rejects.toThrow('tired')
    stop.abort(new Error('enough'))
    await expect(endless).rejects.toThrow('enough')
    // sshd forwards no signals to a user with uid 0: there the command lives on, as the port says.
    if (process.getuid?.() === 0) process.kill(pid)
    await eventually(() => !isAlive(pid), { what: 'the command to end' })
    const next = await eventually(async () => await machine.exec('echo next'))
    expect(next.stdout).toBe('next\n')
  })

  test('a command that is too slow or too talkative is an error', async () => {
    const { machine } = await setUp()
    await expect(machine.exec('sleep 300', { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'unreachable',
    })
    await expect(machine.exec('head -c 9000000 /dev/zero')).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  test('a port on the machine is reached, a closed one is an error', async () => {
    const { machine } = await setUp()
    const server = createServer((socket) => socket.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const stream = await machine.forward(port)
    const chunks = await stream.toArray()
    expect(Buffer.concat(chunks as Buffer[]).toString()).toBe('hello')
    stream.destroy()
    await new Promise((resolve) => server.close(resolve))
    await expect(machine.forward(port)).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe.skipIf(!sshdAvailable())('a lost connection', () => {
  test('a cut aborts `lost` and fails what runs and what comes after; the command lives on', async () => {
    const { sshd, machine } = await setUp()
    const other = await machine.another()
    machines.push(other)
    const running = machine.exec('echo $$ >pid; exec sleep 300')
    const pid = Number(await eventually(async () => await readFile(join(sshd.home, 'pid'), 'utf8')))
    const command = await machine.spawn('sleep 300')
    const file = await machine.openFile('x', 'create')
    sshd.cut()
    await expect(running).rejects.toMatchObject({ code: 'unreachable' })
    await expect(command.exit).rejects.toMatchObject({ code: 'unreachable' })
    await expect(file.write(0, Buffer.from('x'))).rejects.toMatchObject({ code: 'unreachable' })
    expect(machine.lost.aborted).toBe(true)
    expect(machine.lost.reason).toMatchObject({ code: 'unreachable' })
    await expect(machine.exec('true')).rejects.toMatchObject({ code: 'unreachable' })
    await expect(machine.openFile('x', 'read')).rejects.toMatchObject({ code: 'unreachable' })
    expect(isAlive(pid)).toBe(true)
    const back = await machine.another()
    machines.push(back)
    expect((await back.exec('echo back')).stdout).toBe('back\n')
  })

  test('a peer that stops answering is noticed by keep-alives', async () => {
    const { sshd, machine } = await setUp({}, { keepAlive: { intervalMs: 200, count: 2 } })
    const running = machine.exec('sleep 300')
    sshd.freeze()
    await expect(running).rejects.toMatchObject({ code: 'unreachable' })
    expect(machine.lost.aborted).toBe(true)
    sshd.thaw()
  })

  test('closing it ourselves is not a loss', async () => {
    const { machine } = await setUp()
    machine.close()
    await expect(machine.exec('true')).rejects.toMatchObject({ code: 'unreachable' })
    expect(machine.lost.aborted).toBe(false)
  })
})

describe.skipIf(!sshdAvailable())('files over SFTP', () => {
  test('overlapping reads and writes, size, times and mode', async () => {
    const { sshd, machine } = await setUp()
    const bytes = randomBytes(2_000_001)
    const file = await machine.openFile('a file', 'create')
    const size = 32_768
    const offsets = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => n * size)
    await Promise.all(
      offsets.map(async (at) => await file.write(at, bytes.subarray(at, at + size))),
    )
    await file.setStat({ mtimeMs: 1_600_000_000_000, mode: 0o755 })
    await file.close()
    const path = join(sshd.home, 'a file')
    expect(bytes.equals(await readFile(path))).toBe(true)
    const facts = await stat(path)
    expect([facts.mtimeMs, facts.mode & 0o777]).toEqual([1_600_000_000_000, 0o755])

    const again = await machine.openFile(path, 'update')
    const read = await Promise.all(offsets.map(async (at) => await again.read(at, size)))
    expect(bytes.equals(Buffer.concat(read))).toBe(true)
    expect((await again.read(bytes.length, 10)).length).toBe(0)
    expect((await again.read(0, 1_000_000)).length).toBe(1_000_000)
    await again.setStat({ size: 5 })
    await again.close()
    expect((await stat(path)).size).toBe(5)
  })

  test('a rename replaces an existing file in one step', async () => {
    const { sshd, machine } = await setUp()
    await writeFile(join(sshd.home, 'old'), 'old')
    await writeFile(join(sshd.home, "new 'one'"), 'new')
    await machine.rename("new 'one'", 'old')
    expect(await readFile(join(sshd.home, 'old'), 'utf8')).toBe('new')
    await expect(machine.rename('missing', 'old')).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a full disk is told apart from other failures', async () => {
    const { sshd, machine } = await setUp()
    const small = join(sshd.home, 'small')
    await mkdir(small)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small])
    if (mounted.status !== 0) {
      process.stderr.write('SKIPPED: a small file system cannot be mounted here.\n')
      return
    }
    try {
      const file = await machine.openFile('small/file', 'create')
      const block = randomBytes(32_768)
      const write = async (): Promise<void> => {
        for (let at = 0; at < 4_000_000; at += block.length) await file.write(at, block)
      }
      await expect(write()).rejects.toMatchObject({ code: 'disk-full' })
      await file.close()
    } finally {
      spawnSync('umount', [small])
    }
  })

  test('a missing file and a folder are told apart', async () => {
    const { machine } = await setUp()
    await expect(machine.openFile('missing', 'read')).rejects.toMatchObject({ code: 'not-found' })
    await expect(machine.openFile('missing', 'update')).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(machine.openFile('.', 'create')).rejects.toMatchObject({ code: 'invalid' })
  })
})
