import type { Client, SFTPWrapper } from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SshTarget } from '../../../main/providers/provider.ts'
import { collect } from '../../support/collect.ts'
import { launchRequest, newLoginKey, refOf, untilReachable } from '../../support/rent.ts'
import { testSandbox } from '../../support/sandbox.ts'
import { sshExec, sshLogin, sshSftp } from '../../support/ssh-client.ts'

const signal = new AbortController().signal
type Done<T> = (error?: Error | null, value?: T) => void

/** Calls one of ssh2's callback methods. */
function ask<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) =>
      error === undefined || error === null ? resolve(value as T) : reject(error),
    )
  })
}

describe("the sandbox's SFTP server", () => {
  const sandbox = testSandbox({ speed: 20 })
  const key = newLoginKey()
  let target: SshTarget
  let client: Client
  let sftp: SFTPWrapper

  beforeAll(async () => {
    const offer = (await collect(sandbox.session.offers({}, signal))).find(
      ({ machineType }) => machineType === 'cpu-2',
    )
    if (offer === undefined) throw new Error('The catalogue has no cpu-2.')
    const now = sandbox.clock.now()
    const instance = await sandbox.session.launch(launchRequest(offer, key.publicKey, now), signal)
    target = await untilReachable(sandbox.session, refOf(instance, now))
    client = await sshLogin(target, key.privateKey)
    client.on('error', () => undefined)
    sftp = await sshSftp(client)
  })
  afterAll(async () => {
    await sandbox.stop()
    client.end()
  })

  const text = async (path: string): Promise<string> =>
    (await ask<Buffer>((done) => sftp.readFile(path, done))).toString()
  const put = (path: string, content: string): Promise<unknown> =>
    ask((done) => sftp.writeFile(path, content, done))

  it('writes at offsets, in any order, and reads them back', async () => {
    const handle = await ask<Buffer>((done) => sftp.open('offsets', 'w+', done))
    const part = Buffer.alloc(100_000, 'x')
    await Promise.all(
      [3, 1, 2, 0].map((index) =>
        ask((done) => sftp.write(handle, part, 0, part.length, index * part.length, done)),
      ),
    )
    const stats = await ask<{ size: number }>((done) => sftp.fstat(handle, done))
    expect(stats.size).toBe(400_000)
    const back = Buffer.alloc(10)
    await ask((done) => sftp.read(handle, back, 0, 10, 399_990, done))
    expect(back.toString()).toBe('xxxxxxxxxx')
    await ask((done) =>
      sftp.fsetstat(
        handle,
        { size: 7, mode: 0o640, atime: 1_000_000_000, mtime: 1_000_000_001 },
        done,
      ),
    )
    await ask((done) => sftp.close(handle, done))
    expect((await sshExec(client, 'stat -c "%s %a %Y" offsets')).stdout).toBe('7 640 1000000001\n')
  })

  it('goes on with a file that is there, without cutting it', async () => {
    await put('resume', '0123456789')
    const handle = await ask<Buffer>((done) => sftp.open('resume', 'r+', done))
    await ask((done) => sftp.write(handle, Buffer.from('ab'), 0, 2, 4, done))
    await ask((done) => sftp.close(handle, done))
    expect(await text('resume')).toBe('0123ab6789')
  })

  it('refuses to rename over a file, and does it by the OpenSSH extension', async () => {
    await put('one', '1')
    await put('two', '2')
    await expect(ask((done) => sftp.rename('one', 'two', done))).rejects.toThrow('File exists')
    await ask((done) => sftp.ext_openssh_rename('one', 'two', done))
    expect(await text('two')).toBe('1')
  })

  it('syncs, links, and resolves paths from home', async () => {
    const handle = await ask<Buffer>((done) => sftp.open('synced', 'w', done))
    await ask((done) => sftp.ext_openssh_fsync(handle, done))
    await ask((done) => sftp.close(handle, done))
    await ask((done) => sftp.symlink('synced', 'pointer', done))
    expect(await ask<string>((done) => sftp.readlink('pointer', done))).toBe('synced')
    const home = await ask<string>((done) => sftp.realpath('.', done))
    expect(await ask<string>((done) => sftp.realpath('pointer', done))).toBe(`${home}/synced`)
    expect(
      await ask<string>((done) => sftp.realpath('not/../new', done)).catch(
        (error: Error) => error.message,
      ),
    ).toContain('No such file')
  })

  it('says in the protocol what went wrong', async () => {
    await expect(text('missing')).rejects.toMatchObject({ code: 2 })
    await ask((done) => sftp.mkdir('full', done))
    await put('full/x', 'x')
    await expect(ask((done) => sftp.rmdir('full', done))).rejects.toThrow('not empty')
    await expect(ask((done) => sftp.open('full/x', 'wx', done))).rejects.toThrow('File exists')
    await expect(ask((done) => sftp.readdir('full/x', done))).rejects.toThrow('Not a directory')
  })

  it('lists names as they are, also 3000 of them', async () => {
    await sshExec(
      client,
      'mkdir many; cd many; i=0; while [ $i -lt 3000 ]; do : > "f $i"; i=$((i+1)); done; : > \'ä\nb\'',
    )
    const list = await ask<{ filename: string }[]>((done) => sftp.readdir('many', done))
    expect(list).toHaveLength(3001)
    expect(list.map(({ filename }) => filename)).toContain('ä\nb')
  })

  it('keeps names that are not UTF-8 apart', async () => {
    await sshExec(
      client,
      'mkdir bytes; cd bytes; : > "$(printf \'a\\377\')"; : > "$(printf \'a\\376\')"',
    )
    const list = await ask<{ filename: string }[]>((done) => sftp.readdir('bytes', done))
    expect(list).toHaveLength(2)
  })

  it('serves several sessions on one connection', async () => {
    const others = await Promise.all([1, 2, 3].map(() => sshSftp(client)))
    await Promise.all(
      others.map((other, index) =>
        ask((done) => other.writeFile(`session-${index}`, 'here', done)),
      ),
    )
    expect((await sshExec(client, 'cat session-*')).stdout).toBe('hereherehere')
    for (const other of others) other.end()
  })
})
