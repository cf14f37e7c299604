import { describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { processesWithEnvironment } from '../support/sshd-processes.ts'
import { sshdAvailable } from '../support/sshd.ts'
import {
  rentalId,
  shellAvailable,
  shells,
  startSupervised,
  wholeLog,
  type Supervised,
} from '../support/supervised.ts'

/** How many processes of this computer run `sleep <seconds>`; so these tests run one by one. */
async function sleepers(rig: Supervised, seconds: number): Promise<number> {
  const script = `for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -x 'sleep ${seconds} '; done | wc -l`
  return Number((await rig.machine.exec(script)).stdout)
}

describe.skipIf(!sshdAvailable()).each([...shells])('stopping under $name', (shell) => {
  test.skipIf(!shellAvailable(shell))('reaches every escapee', async () => {
    await using rig = await startSupervised(shell)
    // Unlike any other sleep on this computer, whatever an aborted run has left.
    const first = 1_000_000 + Math.floor(Math.random() * 1e6) * 4
    const [one, two, three, four] = [first, first + 1, first + 2, first + 3]
    // Four ways to escape: a session, a hang-up guard, a double fork, and an emptied environment.
    await rig.start(
      'a1',
      `setsid sleep ${one} & nohup sleep ${two} & (setsid sh -c "sleep ${three} & exit" &) ; env -i sleep ${four} & echo up; wait`,
    )
    for (const seconds of [one, two, three, four]) {
      await eventually(async () => (await sleepers(rig, seconds)) === 1)
    }
    await rig.supervisor.stopAttempt('a1', 5)
    for (const seconds of [one, two, three, four]) expect(await sleepers(rig, seconds)).toBe(0)
    const status = await rig.supervisor.attemptStatus('a1')
    expect(status).toMatchObject({ state: 'exited', signal: 15, exitCode: 143 })
    await rig.supervisor.stopAttempt('a1', 5)
    expect((await wholeLog(rig.supervisor, 'a1')).toString()).toBe('up\n')
  })

  test.skipIf(!shellAvailable(shell))('runs no further line of any shell that waited', async () => {
    await using rig = await startSupervised(shell)
    const one = `sh -c 'sleep 3600; echo ran on'`
    await rig.start('a1', `${`${one} & `.repeat(8)} echo up; ${one}; echo ran on`)
    await eventually(async () => (await rig.supervisor.attemptStatus('a1')).logBytes > 0)
    await rig.supervisor.stopAttempt('a1', 5)
    expect(await rig.supervisor.attemptStatus('a1')).toMatchObject({ state: 'exited', signal: 15 })
    expect((await wholeLog(rig.supervisor, 'a1')).toString()).not.toContain('ran on')
  })

  test.skipIf(!shellAvailable(shell))('kills at the grace what ignores TERM', async () => {
    await using rig = await startSupervised(shell)
    await rig.start('a1', "trap '' TERM; echo up; while :; do sleep 0.2; done")
    const begun = Date.now()
    await rig.supervisor.stopAttempt('a1', 2)
    const tookMs = Date.now() - begun
    expect(tookMs).toBeGreaterThan(900)
    expect(tookMs).toBeLessThan(8000)
    expect(await rig.supervisor.attemptStatus('a1')).toMatchObject({ state: 'exited', signal: 9 })
  })

  test.skipIf(!shellAvailable(shell))('lets a job save within the grace, asked once', async () => {
    await using rig = await startSupervised(shell)
    await rig.start(
      'a1',
      "trap 'n=$((n+1)); sleep 1; echo saved $n; exit 0' TERM; n=0; echo up; while :; do sleep 0.1; done",
    )
    await eventually(async () => (await rig.supervisor.attemptStatus('a1')).logBytes > 0)
    await Promise.all([rig.supervisor.stopAttempt('a1', 8), rig.supervisor.stopAttempt('a1', 8)])
    expect(await rig.supervisor.attemptStatus('a1')).toMatchObject({
      state: 'exited',
      exitCode: 0,
    })
    // A shell may print "Terminated" for its child in between.
    expect((await wholeLog(rig.supervisor, 'a1')).toString()).toMatch(/^up\n[^]*saved 1\n$/)
  })

  test.skipIf(!shellAvailable(shell))('a job stopped before its start never runs', async () => {
    await using rig = await startSupervised(shell)
    const files = { attemptId: 'a1', rentalId, runScript: 'echo ran', gpus: null }
    await rig.supervisor.prepareAttempt(files)
    await rig.supervisor.stopAttempt('a1', 1)
    await rig.supervisor.startAttempt('a1', {})
    expect(await rig.ended('a1')).toMatchObject({ signal: 15, logBytes: 0 })
  })

  test.skipIf(!shellAvailable(shell))(
    'left-overs of an ended job are stopped and named',
    async () => {
      await using rig = await startSupervised(shell)
      await rig.start('a1', 'setsid sleep 7201 & sleep 7202 & exit 0')
      expect(await rig.ended('a1')).toMatchObject({ exitCode: 0 })
      expect((await sleepers(rig, 7201)) + (await sleepers(rig, 7202))).toBe(0)
      expect((await wholeLog(rig.supervisor, 'a1')).toString()).toMatch(/left-over process/)
    },
  )

  test.skipIf(!shellAvailable(shell))(
    'a killed runner: the job goes on, then counts as lost',
    async () => {
      await using rig = await startSupervised(shell)
      const wait = 'until [ -e "$SUBLET_ATTEMPT_DIR/go" ]; do sleep 0.1; done; exit 6'
      const killRunner = (id: string, group: string): string =>
        `read pid rest <.sublet/attempts/${id}/runner && kill -s KILL -- ${group}$pid`
      await rig.start('a1', wait)
      await rig.start('a2', wait)
      await rig.machine.exec(killRunner('a1', ''))
      await rig.machine.exec(killRunner('a2', '-'))
      expect((await rig.supervisor.attemptStatus('a1')).state).toBe('running')
      expect((await rig.supervisor.attemptStatus('a2')).state).toBe('running')
      await rig.machine.exec('touch .sublet/attempts/a1/go .sublet/attempts/a2/go')
      // Part of the runner is enough to write the end down.
      expect((await rig.ended('a1')).exitCode).toBe(6)
      await eventually(async () => (await rig.supervisor.attemptStatus('a2')).state === 'lost')
      await rig.supervisor.stopAttempt('a2', 1)
      expect((await rig.supervisor.attemptStatus('a2')).state).toBe('exited')
    },
  )

  test.skipIf(!shellAvailable(shell))(
    'a checkpoint signal reaches only who catches it',
    async () => {
      await using rig = await startSupervised(shell)
      const { supervisor } = rig
      await rig.start('a1', "trap 'echo saving' USR1; echo up; while :; do sleep 0.1; done")
      await rig.start('a2', 'echo up; while :; do sleep 0.1; done')
      for (const id of ['a1', 'a2']) {
        await eventually(async () => (await supervisor.attemptStatus(id)).logBytes > 0)
      }
      expect(await supervisor.checkpoint('a1', 'USR1', false)).toBe(true)
      expect(await supervisor.checkpoint('a2', 'USR1', false)).toBe(false)
      await eventually(async () => (await supervisor.attemptStatus('a1')).logBytes === 10)
      expect((await supervisor.attemptStatus('a2')).state).toBe('running')
      expect(await supervisor.checkpoint('a2', 'USR1', true)).toBe(true)
      expect(await rig.ended('a2')).toMatchObject({ signal: 10 })
    },
  )

  test.skipIf(!shellAvailable(shell))('a sweep leaves no process and no folder', async () => {
    await using rig = await startSupervised(shell)
    await rig.supervisor.setLease(rentalId, { endsInS: 600 })
    await rig.start('a1', 'mkdir locked; chmod 0 locked; sleep 7301 & wait')
    await rig.supervisor.sweepRental(rentalId)
    expect((await rig.machine.exec('ls .sublet/attempts .sublet/rentals')).stdout).not.toMatch(
      /a1|01test/,
    )
    await eventually(() => processesWithEnvironment(`HOME=${rig.sshd.home}`).length <= 1)
    await rig.supervisor.sweepRental(rentalId)
  })
})
