import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { sshRig } from '../support/ssh-rig.ts'
import { isAlive } from '../support/sshd-processes.ts'
import { sshdAvailable } from '../support/sshd.ts'

const { setUp, close } = sshRig()
afterEach(close)

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

  test('a login shell that is not POSIX and prints a greeting gets commands for sh', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'sublet-shell-'))
    const shell = join(dir, 'fish')
    const speaks = `case $2 in printf*|'exec sh -c '*) echo Hello; exec sh -c "$2" ;; esac`
    await writeFile(shell, `#!/bin/sh\n${speaks}\necho 'fish: no' >&2; exit 127\n`, { mode: 0o755 })
    try {
      const { sshd, machine } = await setUp({ shell })
      expect(machine.home).toBe(sshd.home)
      const answer = await machine.exec(`for word in "it's" b; do echo "$word"; done`)
      expect(answer.stdout).toBe("Hello\nit's\nb\n")
    } finally {
      await rm(dir, { recursive: true })
    }
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
