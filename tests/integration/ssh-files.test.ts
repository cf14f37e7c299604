import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { sshRig } from '../support/ssh-rig.ts'
import { isAlive } from '../support/sshd-processes.ts'
import { sshdAvailable } from '../support/sshd.ts'

const { setUp, keep, close } = sshRig()
afterEach(close)

describe.skipIf(!sshdAvailable())('a lost connection', () => {
  test('a cut aborts `lost` and fails what runs and what comes after; the command lives on', async () => {
    const { sshd, machine } = await setUp()
    keep(await machine.another())
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
    const back = keep(await machine.another())
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
