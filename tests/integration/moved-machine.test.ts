import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { beginRental } from '../../main/domain/rental/begin.ts'
import type { RentalRecord } from '../../main/domain/rental/record.ts'
import { SshRentalMachines } from '../../main/engine/rental-machines.ts'
import { HomePaths } from '../../main/jobs/home-paths.ts'
import { cuttingProxy, type CuttingProxy } from '../faults/network/cutting-proxy.ts'
import { now } from '../support/fake-facts.ts'
import { intended } from '../support/rental-events.ts'
import { rentalId } from '../support/runner-rig.ts'
import { sshdAvailable, startSshd, type TestSshd } from '../support/sshd.ts'

describe.skipIf(!sshdAvailable())('a rented machine that is moved to another address', () => {
  const signal = new AbortController().signal
  let base: string
  let sshd: TestSshd
  let elsewhere: CuttingProxy
  let machines: SshRentalMachines
  /** Its provider publishes no host key: the first one seen is trusted. */
  const at = (port: number): RentalRecord => ({
    ...beginRental(rentalId, intended(), now),
    ssh: { host: '127.0.0.1', port, user: sshd.user, hostKeys: [] },
  })

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'sublet-moved-'))
    sshd = await startSshd()
    elsewhere = await cuttingProxy(sshd.port)
    machines = new SshRentalMachines(new HomePaths(base), () => undefined)
    await sshd.authorize(await machines.publicKey(rentalId))
  })
  afterEach(async () => {
    machines.drop(rentalId)
    await elsewhere.close()
    await sshd.stop()
    await rm(base, { recursive: true, force: true })
  })

  it('is known again by the key that was trusted at its old one', async () => {
    await machines.connect(at(sshd.port), signal)
    machines.drop(rentalId)
    const moved = await machines.connect(at(elsewhere.port), signal)
    expect((await moved.exec('echo here')).stdout).toBe('here\n')
  })

  it('is not believed with another key: the new address is no first use', async () => {
    await machines.connect(at(sshd.port), signal)
    machines.drop(rentalId)
    await sshd.changeHostKeys()
    const connecting = machines.connect(at(elsewhere.port), signal)
    await expect(connecting).rejects.toMatchObject({ code: 'host-key' })
  })
})
