import { describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { sshdAvailable } from '../support/sshd.ts'
import {
  rentalId,
  shellAvailable,
  shells,
  startSupervised,
  type Supervised,
} from '../support/supervised.ts'

const hook = 'echo "$SUBLET_RENTAL_ID $SUBLET_END_REASON $(date +%s)" >>"$HOME/terminated"\n'

async function terminations(rig: Supervised): Promise<string[]> {
  const { stdout } = await rig.machine.exec('cat terminated 2>/dev/null')
  return stdout.split('\n').filter((line) => line !== '')
}

/** Waits for the hook; the machine's second at which it first ran, and its reason checked. */
async function terminated(rig: Supervised, reason: string): Promise<number> {
  await eventually(async () => (await terminations(rig)).length > 0, { timeoutMs: 25_000 })
  const [first = ''] = await terminations(rig)
  expect(first).toMatch(new RegExp(`^${rentalId} ${reason} \\d+$`))
  return Number(first.split(' ')[2])
}

/** Other tests on this computer move bytes too. */
const deafToTraffic = { busyKibPerS: 100_000_000 }

describe.skipIf(!sshdAvailable()).each([...shells])(
  'a lease under $name',
  { concurrent: true },
  (shell) => {
    test.skipIf(!shellAvailable(shell))('is read back, kept and renewed', async () => {
      await using rig = await startSupervised(shell)
      const { supervisor } = rig
      await expect(supervisor.readLease(rentalId)).rejects.toMatchObject({ code: 'not-found' })
      const set = await supervisor.setLease(rentalId, { endsInS: 100, afterExitS: 50, graceS: 7 })
      expect(set).toMatchObject({
        afterExitS: 50,
        idleS: 0,
        graceS: 7,
        watchdog: true,
        hook: false,
      })
      expect(set.remainingS).toBeGreaterThan(97)
      await supervisor.writeHook(rentalId, hook)
      const renewed = await supervisor.setLease(rentalId, { endsInS: 1000 })
      expect(renewed).toMatchObject({ afterExitS: 50, hook: true, watchdogPid: set.watchdogPid })
      expect(renewed.remainingS).toBeGreaterThan(990)
      const modes = await rig.machine.exec(`ls -l .sublet/rentals/${rentalId}/self-terminate`)
      expect(modes.stdout).toMatch(/^-rwx------/)
      // A watchdog that was killed is seen, and the next renewal brings another.
      await rig.machine.exec(`kill -9 ${set.watchdogPid}`)
      expect((await supervisor.readLease(rentalId)).watchdog).toBe(false)
      expect((await supervisor.setLease(rentalId, {})).watchdog).toBe(true)
    })

    test.skipIf(!shellAvailable(shell))(
      'ends hard: a checkpoint and TERM before the end, then the hook again and again',
      async () => {
        await using rig = await startSupervised(shell)
        await rig.supervisor.writeHook(rentalId, hook)
        await rig.supervisor.setLease(rentalId, { endsInS: 12, graceS: 8 })
        await rig.start(
          'a1',
          "trap 'echo checkpoint' USR1; trap 'echo saved; exit 9' TERM; while :; do sleep 0.1; done",
        )
        // Nobody is connected.
        rig.sshd.cut()
        const patience = { timeoutMs: 30_000, everyMs: 300 }
        await eventually(async () => {
          const machine = await rig.connect()
          const { stdout } = await machine.exec(
            'cat .sublet/attempts/a1/exit .sublet/attempts/a1/log',
          )
          machine.close()
          return /code=9[^]*checkpoint[^]*saved/.test(stdout)
        }, patience)
        const machine = await rig.connect()
        await eventually(
          async () => (await machine.exec('cat terminated')).stdout.split('\n').length > 2,
          patience,
        )
        expect((await machine.exec('head -n 1 terminated')).stdout).toMatch(/ end \d+\n$/)
      },
    )

    test.skipIf(!shellAvailable(shell))('holds an uncollected result, and no longer', async () => {
      await using rig = await startSupervised(shell)
      await rig.supervisor.writeHook(rentalId, hook)
      await rig.supervisor.setLease(rentalId, { endsInS: 600, afterExitS: 3, ...deafToTraffic })
      await rig.start('a1', 'sleep 5')
      // The job outlives afterExit: it counts from the exit.
      const { endedS } = await rig.ended('a1')
      const heldS = (await terminated(rig, 'after-exit')) - (endedS ?? 0)
      expect(heldS).toBeGreaterThanOrEqual(2)
      expect(heldS).toBeLessThan(20)
      expect((await rig.supervisor.readLease(rentalId)).ended).toBe('after-exit')
    })

    test.skipIf(!shellAvailable(shell))(
      'idle: a job is work, a left-over shell is none',
      async () => {
        await using rig = await startSupervised(shell)
        await rig.supervisor.writeHook(rentalId, hook)
        await rig.supervisor.setLease(rentalId, { endsInS: 600, idleS: 5, ...deafToTraffic })
        await rig.start('a1', 'sleep 4')
        const shellLeft = await rig.machine.spawn('sleep 60')
        const { endedS } = await rig.ended('a1')
        expect((await terminated(rig, 'idle')) - (endedS ?? 0)).toBeGreaterThanOrEqual(1)
        shellLeft.close()
      },
    )

    test.skipIf(!shellAvailable(shell))('idle: a busy GPU is work', async () => {
      await using rig = await startSupervised(shell)
      await rig.tool('nvidia-smi', '#!/bin/sh\ncat "$HOME/load"\n')
      await rig.machine.exec('echo 80 >load')
      await rig.supervisor.writeHook(rentalId, hook)
      await rig.supervisor.setLease(rentalId, { endsInS: 600, idleS: 1, ...deafToTraffic })
      await rig.machine.exec('sleep 4')
      expect(await terminations(rig)).toEqual([])
      await rig.machine.exec('echo 0 >load')
      await terminated(rig, 'idle')
    })

    test.skipIf(!shellAvailable(shell))('holds though a job removes its files', async () => {
      await using rig = await startSupervised(shell)
      await rig.supervisor.writeHook(rentalId, hook)
      await rig.supervisor.setLease(rentalId, { endsInS: 5, graceS: 0 })
      // The watchdog has read the hook once it has gone round after this.
      await rig.machine.exec('sleep 2; rm -rf .sublet')
      await terminated(rig, 'end')
    })

    test.skipIf(!shellAvailable(shell))('a clock set back does not extend it', async () => {
      await using rig = await startSupervised(shell)
      await rig.supervisor.writeHook(rentalId, hook)
      // `date` obeys a file, as a clock obeys whoever sets it.
      await rig.tool(
        'date',
        '#!/bin/sh\necho $(($(/bin/date +%s) - $(cat "$HOME/back" || echo 0)))\n',
      )
      await rig.machine.exec('echo 0 >back')
      await rig.supervisor.setLease(rentalId, { endsInS: 4, graceS: 0 })
      await rig.machine.exec('echo 7200 >back')
      expect((await rig.supervisor.readLease(rentalId)).remainingS).toBeLessThan(5)
      await terminated(rig, 'end')
    })

    test.skipIf(!shellAvailable(shell))('no job holds its machine beyond the end', async () => {
      await using rig = await startSupervised(shell)
      const { supervisor } = rig
      await rig.tool(
        'date',
        '#!/bin/sh\necho $(($(/bin/date +%s) + $(cat "$HOME/ahead" || echo 0)))\n',
      )
      await rig.machine.exec('echo 0 >ahead')
      for (const [id, endsInS] of [
        [rentalId, 9],
        ['sublet-waits', 9],
        ['sublet-clock', 3_000],
      ] as const) {
        await supervisor.writeHook(id, 'echo "$SUBLET_RENTAL_ID $SUBLET_END_REASON" >>"$HOME/ends"')
        await supervisor.setLease(id, { endsInS, graceS: 5 })
      }
      // One that ignores TERM, and one that was prepared, but whose client never came back.
      await rig.start('a1', "trap 'echo asked' TERM; while :; do sleep 0.2; done")
      await supervisor.prepareAttempt({
        attemptId: 'a2',
        rentalId: 'sublet-waits',
        runScript: 'true',
        gpus: null,
      })
      const ended = await rig.ended('a1')
      expect(ended).toMatchObject({ exitCode: 137, signal: 9 })
      // It was asked first.
      expect((await rig.machine.exec('cat .sublet/attempts/a1/log')).stdout).toMatch(/^asked$/m)
      // A clock that is set forward counts as time: a machine that was stopped must not live longer.
      await rig.machine.exec('echo 3600 >ahead')
      await eventually(
        async () =>
          new Set((await rig.machine.exec('cat ends')).stdout.trim().split('\n')).size === 3,
        { timeoutMs: 25_000, everyMs: 300 },
      )
    })

    test.skipIf(!shellAvailable(shell))(
      'a clock that was behind is put right without ending it early',
      async () => {
        await using rig = await startSupervised(shell)
        await rig.supervisor.writeHook(rentalId, hook)
        await rig.tool(
          'date',
          '#!/bin/sh\necho $(($(/bin/date +%s) - $(cat "$HOME/back" || echo 0)))\n',
        )
        await rig.machine.exec('echo 7200 >back')
        await rig.supervisor.setLease(rentalId, { endsInS: 600, graceS: 0 })
        await rig.machine.exec('sleep 2; echo 0 >back')
        await eventually(async () => (await rig.supervisor.readLease(rentalId)).remainingS > 500)
        expect(await terminations(rig)).toEqual([])
      },
    )
  },
)
