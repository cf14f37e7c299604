import { describe, expect, test } from 'vitest'
import { firstLeaseScript, type FirstLease } from '../../main/machine/supervisor/first-lease.ts'
import { eventually } from '../support/eventually.ts'
import { sshdAvailable } from '../support/sshd.ts'
import { shellAvailable, shells, startSupervised, type Supervised } from '../support/supervised.ts'

const hook = 'echo "$SUBLET_RENTAL_ID $SUBLET_END_REASON" >>"$HOME/terminated"'
const terms = { bootS: 20, afterExitS: 60, idleS: 1800, graceS: 3, hook }

/** A lease by user data that was sent just now. */
function leaseOf(rentalId: string, over: Partial<FirstLease> = {}): FirstLease {
  return { ...terms, rentalId, endsInS: 600, sentAtS: Date.now() / 1_000, ...over }
}

describe.skipIf(!sshdAvailable()).each([...shells])(
  'a first start under $name',
  { concurrent: true },
  (shell) => {
    /** Runs user data as a cloud does: from standard input, once. */
    const firstStart = async (rig: Supervised, lease: FirstLease): Promise<void> => {
      const { exitCode, stderr } = await rig.machine.exec(`SUBLET_TICK_S=1 ${shell.call} -s`, {
        stdin: firstLeaseScript(lease),
      })
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    }
    const terminated = async (rig: Supervised): Promise<string[]> => {
      const { stdout } = await rig.machine.exec('cat terminated 2>/dev/null')
      return [...new Set(stdout.split('\n').filter((line) => line !== ''))].toSorted()
    }

    test.skipIf(!shellAvailable(shell))('ends a machine to which nobody comes', async () => {
      await using rig = await startSupervised(shell)
      await firstStart(rig, leaseOf('sublet-hard', { endsInS: 4 }))
      await firstStart(
        rig,
        leaseOf('sublet-late', { endsInS: 90, sentAtS: Date.now() / 1_000 - 88 }),
      )
      await firstStart(rig, leaseOf('sublet-idle', { idleS: 2 }))
      await firstStart(rig, leaseOf('sublet-robbed', { endsInS: 5 }))
      await firstStart(rig, leaseOf('sublet-taken', { endsInS: 6, idleS: 4 }))
      const before = await rig.supervisor.readLease('sublet-taken')
      expect(before).toMatchObject({ watchdog: true, hook: true, afterExitS: 60, graceS: 3 })
      // Somebody comes: the lease is found, moved, read back, and held by the supervisor from now on.
      const taken = await rig.supervisor.setLease('sublet-taken', { endsInS: 500, idleS: 0 })
      expect(taken).toMatchObject({
        before: 'user-data',
        watchdog: true,
        hook: true,
        afterExitS: 60,
      })
      expect(taken.watchdogPid).not.toBe(before.watchdogPid)
      expect(taken.remainingS).toBeGreaterThan(490)
      expect((await rig.supervisor.setLease('sublet-taken', {})).before).toBe('supervisor')
      // Garbage and a removed folder change nothing; a second start moves no end.
      await rig.machine.exec('sleep 1.5; echo garbage >.sublet/rentals/sublet-hard/lease')
      await rig.machine.exec('rm -rf .sublet/rentals/sublet-robbed')
      const wanted = ['sublet-hard end', 'sublet-idle idle', 'sublet-late end', 'sublet-robbed end']
      await eventually(async () => (await terminated(rig)).length >= wanted.length, {
        timeoutMs: 25_000,
        everyMs: 300,
      })
      // The first watchdog of the machine that was taken over has left.
      await eventually(
        async () => (await rig.machine.exec(`kill -0 ${before.watchdogPid}`)).exitCode !== 0,
      )
      expect(await terminated(rig)).toEqual(wanted)
    })

    test.skipIf(!shellAvailable(shell))('believes no clock that is hours off', async () => {
      await using rig = await startSupervised(shell)
      await rig.tool('date', '#!/bin/sh\necho $(($(/bin/date +%s) + $(cat "$HOME/ahead")))\n')
      const remaining = async (rentalId: string, aheadS: number): Promise<number> => {
        await rig.machine.exec(`echo ${aheadS} >ahead`)
        await firstStart(rig, leaseOf(rentalId, { endsInS: 900 }))
        return (await rig.supervisor.readLease(rentalId)).remainingS
      }
      const slack = 15
      const near = (value: number, wanted: number) =>
        expect(Math.abs(value - wanted)).toBeLessThan(slack)
      near(await remaining('sublet-now', 0), 900)
      // Hours and years off: the boot took what it was expected to take.
      near(await remaining('sublet-zone', 7_200), 880)
      near(await remaining('sublet-epoch', -1_000_000_000), 880)
      // Put right, it neither ends early nor lives longer.
      await rig.machine.exec('echo 0 >ahead')
      const set = await rig.supervisor.setLease('sublet-epoch', { endsInS: 870 })
      expect(set).toMatchObject({ before: 'user-data', watchdog: true })
      near(set.remainingS, 870)
      await firstStart(rig, leaseOf('sublet-epoch', { endsInS: 5_000 }))
      near((await rig.supervisor.readLease('sublet-epoch')).remainingS, 870)
    })
  },
)

test('user data fits every cloud, and quotes what it carries', () => {
  const script = firstLeaseScript(leaseOf('sublet-01arz3ndektsv4rrffq69g5fav', { hook: "it's" }))
  expect(Buffer.byteLength(script)).toBeLessThan(4_096)
  expect(script.startsWith('#!/bin/sh\n')).toBe(true)
  expect(script).toContain("HOOK='it'\\''s'\n")
})
