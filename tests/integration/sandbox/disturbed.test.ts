import type { Client, SFTPWrapper } from 'ssh2'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RentalRef, SshTarget } from '../../../main/providers/provider.ts'
import { collect } from '../../support/collect.ts'
import { launchRequest, newLoginKey, refOf, untilReachable } from '../../support/rent.ts'
import { testSandbox } from '../../support/sandbox.ts'
import { sshExec, sshLogin, sshSftp } from '../../support/ssh-client.ts'

const signal = new AbortController().signal

describe('a sandbox machine under disturbance', () => {
  const sandbox = testSandbox({ speed: 20 })
  const key = newLoginKey()
  let rental: RentalRef
  let target: SshTarget
  let client: Client

  beforeAll(async () => {
    const offer = (await collect(sandbox.session.offers({}, signal))).find(
      ({ machineType }) => machineType === 'cpu-2',
    )
    if (offer === undefined) throw new Error('The catalogue has no cpu-2.')
    const now = sandbox.clock.now()
    rental = refOf(
      await sandbox.session.launch(launchRequest(offer, key.publicKey, now), signal),
      now,
    )
    target = await untilReachable(sandbox.session, rental)
  })
  beforeEach(async () => {
    client = await sshLogin(target, key.privateKey)
    client.on('error', () => undefined)
  })
  afterEach(() => client.end())
  afterAll(() => sandbox.stop())

  const network = (body: unknown): Promise<void> =>
    sandbox.control.machine(rental.rentalId, 'network', body)
  const write = (sftp: SFTPWrapper, path: string, bytes: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      sftp.writeFile(path, bytes, (error) =>
        error === undefined || error === null ? resolve() : reject(error),
      )
    })
  const lost = (): Promise<void> =>
    new Promise((resolve) => {
      client.once('close', () => resolve())
    })

  it('admits nobody but the rental', async () => {
    await expect(sshLogin(target, newLoginKey().privateKey)).rejects.toThrow(
      'authentication methods failed',
    )
    await expect(sshLogin({ ...target, user: 'root' }, key.privateKey)).rejects.toThrow(
      'authentication methods failed',
    )
  })

  it('runs many commands at once on one connection', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sshExec(client, `sleep 0.1; echo ${index}; exit ${index}`),
      ),
    )
    expect(answers).toEqual(answers.map((_, index) => ({ code: index, stdout: `${index}\n` })))
  })

  it('cuts the connection when told to, and turns new ones away', async () => {
    const cut = lost()
    await network({ mode: 'refuse', drop: true })
    await cut
    await expect(sshLogin(target, key.privateKey)).rejects.toThrow()
    await network({ mode: 'open' })
    expect((await sshExec(await relogin(), 'echo back')).stdout).toBe('back\n')
  })

  it('cuts the connection after so many bytes', async () => {
    const sftp = await sshSftp(client)
    sftp.on('error', () => undefined)
    const cut = lost()
    await network({ cutAfterBytes: 400_000 })
    await expect(
      Promise.race([
        write(sftp, 'cut', Buffer.alloc(2_000_000)),
        cut.then(() => Promise.reject(new Error('lost'))),
      ]),
    ).rejects.toThrow()
    const { stdout } = await sshExec(await relogin(), 'wc -c < cut')
    expect(Number(stdout)).toBeGreaterThan(100_000)
    expect(Number(stdout)).toBeLessThan(400_000)
  })

  it('stalls, and goes on where it was', async () => {
    await network({ mode: 'stall' })
    const answer = sshExec(client, 'echo late')
    const first = await Promise.race([
      answer,
      new Promise((resolve) => setTimeout(resolve, 200, 'nothing yet')),
    ])
    expect(first).toBe('nothing yet')
    await network({ mode: 'open' })
    expect((await answer).stdout).toBe('late\n')
  })

  it('delays both directions', async () => {
    await network({ delayMs: 40 })
    const started = performance.now()
    await sshExec(client, 'true')
    await network({ delayMs: 0 })
    // Open a channel, then run: two round trips at least.
    expect(performance.now() - started).toBeGreaterThan(150)
  })

  it('fills its disk when told to', async () => {
    const sftp = await sshSftp(client)
    await sandbox.control.machine(rental.rentalId, 'disk', { bytesLeft: 50_000 })
    await write(sftp, 'small', Buffer.alloc(40_000))
    await expect(write(sftp, 'large', Buffer.alloc(40_000))).rejects.toThrow(
      'No space left on device',
    )
    await sandbox.control.machine(rental.rentalId, 'disk', { bytesLeft: null })
    await write(sftp, 'large', Buffer.alloc(40_000))
  })

  it('answers with another host key than the published one when told to', async () => {
    await sandbox.control.machine(rental.rentalId, 'host-key')
    await expect(sshLogin(target, key.privateKey)).rejects.toThrow('Host denied')
    await sandbox.control.machine(rental.rentalId, 'host-key', { publish: true })
    target = await untilReachable(sandbox.session, rental)
    expect((await sshExec(await relogin(), 'echo trusted')).stdout).toBe('trusted\n')
  })

  async function relogin(): Promise<Client> {
    client.end()
    client = await sshLogin(target, key.privateKey)
    client.on('error', () => undefined)
    return client
  }
})
