import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { beginRental } from '../../main/domain/rental/begin.ts'
import type { RentalRecord } from '../../main/domain/rental/record.ts'
import { KnownHostsPins } from '../../main/engine/known-hosts-pins.ts'
import { SshRentalMachines } from '../../main/engine/rental-machines.ts'
import { HomePaths } from '../../main/jobs/home-paths.ts'
import { renewHostKey, type HostKeyRenewal } from '../../main/machine/host-key/renew.ts'
import { fingerprint, type KeyPair } from '../../main/machine/ssh/keys.ts'
import { eventually } from '../support/eventually.ts'
import { now } from '../support/fake-facts.ts'
import { intended } from '../support/rental-events.ts'
import { rentalId } from '../support/runner-rig.ts'
import { sshdAvailable, startSshd, type TestSshd } from '../support/sshd.ts'

const signal = AbortSignal.timeout(120_000)

describe.skipIf(!sshdAvailable())('a machine that was launched with a host key', () => {
  let base: string
  let paths: HomePaths
  let machines: SshRentalMachines
  let injected: KeyPair
  let sshd: TestSshd

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'sublet-injected-'))
    paths = new HomePaths(base)
    machines = new SshRentalMachines(paths, () => undefined)
    injected = await machines.injectedHostKey(rentalId)
    sshd = await startSshd({ hostKey: injected })
    await sshd.authorize(await machines.publicKey(rentalId))
  })
  afterEach(async () => {
    machines.drop(rentalId)
    await sshd.stop()
    await rm(base, { recursive: true, force: true })
  })

  const rental = (): RentalRecord => ({
    ...beginRental(rentalId, intended(), now),
    ssh: { host: '127.0.0.1', port: sshd.port, user: sshd.user, hostKeys: [] },
  })
  const pinned = (): Promise<readonly string[]> =>
    new KnownHostsPins(paths.knownHosts(rentalId)).all()
  const shown = async (): Promise<string> => (await sshd.hostKeys())[0] ?? ''
  const works = async (): Promise<void> => {
    const machine = await machines.connect(rental(), signal)
    expect((await machine.exec('echo in')).stdout).toBe('in\n')
  }

  it('is known by it before the first connection, from a file of its owner alone', async () => {
    await works()
    expect(await pinned()).toEqual([injected.publicKey])
    expect((await stat(paths.injectedHostKey(rentalId))).mode & 0o777).toBe(0o600)
    // The next engine sends the same one along with a repeated launch.
    const next = new SshRentalMachines(paths, () => undefined)
    expect(await next.injectedHostKey(rentalId)).toEqual(injected)
  })

  it('is refused in words when it shows another one', async () => {
    await sshd.changeHostKeys()
    await expect(machines.connect(rental(), signal)).rejects.toMatchObject({
      code: 'host-key',
      message: expect.stringContaining('does not show the host key that is trusted'),
    })
    expect(await pinned()).toEqual([injected.publicKey])
  })

  it('replaces it: what user data tells opens nothing afterwards', async () => {
    const { keptBecause, fingerprint: known } = await machines.renewHostKey(rental(), signal)
    expect(keptBecause).toBeNull()
    const made = await shown()
    expect(made).not.toBe(injected.publicKey)
    expect(known).toBe(fingerprint(made))
    expect(await pinned()).toEqual([made])
    await works()
    machines.drop(rentalId)
    await sshd.changeHostKeys(injected)
    await expect(machines.connect(rental(), signal)).rejects.toMatchObject({ code: 'host-key' })
  })

  it('keeps it, and both stay trusted, where its server cannot read the new one', async () => {
    const wrapper = join(sshd.home, 'bin', 'sshd')
    await writeFile(wrapper, '#!/bin/sh\n[ "$1" = -t ] && exit 1\nexec /usr/sbin/sshd "$@"\n')
    await chmod(wrapper, 0o755)
    expect(await machines.renewHostKey(rental(), signal)).toEqual({
      fingerprint: fingerprint(injected.publicKey),
      keptBecause: 'its SSH server does not accept its own configuration',
    })
    await works()
    expect(await pinned()).toEqual([injected.publicKey, await shown()])
  })

  it('keeps it where it was replaced by somebody else', async () => {
    await works()
    await sshd.changeHostKeys()
    const other = await shown()
    await new KnownHostsPins(paths.knownHosts(rentalId)).pinOnly(label(), other)
    const renewal = { ...(await parts()), trusted: async () => [injected.publicKey] }
    expect(await renewHostKey(renewal)).toEqual({
      key: injected.publicKey,
      keptBecause: 'its key file holds another one',
    })
  })

  const label = (): string => `[127.0.0.1]:${sshd.port}`
  const parts = async (): Promise<HostKeyRenewal> => {
    const pins = new KnownHostsPins(paths.knownHosts(rentalId))
    return {
      machine: await machines.connect(rental(), signal),
      injected: injected.publicKey,
      trusted: () => pins.all(),
      trust: (key) => pins.pin(label(), key),
      trustOnly: (key) => pins.pinOnly(label(), key),
      prove: async () => undefined,
      signal,
    }
  }
  const killed = async (): Promise<never> => {
    throw new Error('killed')
  }
  it.for<[string, (whole: HostKeyRenewal) => Partial<HostKeyRenewal>]>([
    ['the new key was made', () => ({ trust: killed })],
    [
      'it was trusted',
      ({ trust }) => ({
        trust: async (key) => {
          await trust(key)
          await killed()
        },
      }),
    ],
    ['it was installed', () => ({ prove: killed })],
    ['it was proven', () => ({ trustOnly: killed })],
    [
      'it alone was trusted',
      ({ trustOnly }) => ({
        trustOnly: async (key) => {
          await trustOnly(key)
          await killed()
        },
      }),
    ],
  ])('is not lost when the engine dies after %s', async ([, strike]) => {
    const whole = await parts()
    await expect(renewHostKey({ ...whole, ...strike(whole) })).rejects.toThrow('killed')
    machines.drop(rentalId)
    machines = new SshRentalMachines(paths, () => undefined)
    // A server that reads its keys again refuses for a moment.
    await eventually(() => machines.connect(rental(), signal))
    expect((await machines.renewHostKey(rental(), signal)).keptBecause).toBeNull()
    expect(await pinned()).toEqual([await shown()])
    expect(await shown()).not.toBe(injected.publicKey)
    await works()
  })
})
