import { execFileSync } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Supervisor } from '../../main/machine/supervisor/supervisor.ts'
import { eventually } from '../support/eventually.ts'
import { sshdAvailable } from '../support/sshd.ts'
import {
  rentalId,
  shellAvailable,
  shells,
  startSupervised,
  wholeLog,
} from '../support/supervised.ts'

const never = new AbortController().signal

describe.skipIf(!sshdAvailable()).each([...shells])(
  'a job under $name',
  { concurrent: true },
  (shell) => {
    test.skipIf(!shellAvailable(shell))('runs detached, and tells its exit code', async () => {
      await using rig = await startSupervised(shell)
      const { supervisor } = rig
      expect((await supervisor.attemptStatus('a1')).state).toBe('absent')
      await supervisor.prepareAttempt({
        attemptId: 'a1',
        rentalId,
        runScript:
          'cd "$SUBLET_ATTEMPT_DIR/work"; until [ -e go ]; do sleep 0.05; done; echo "$SUBLET_RENTAL_ID"; exit 7',
        gpus: null,
      })
      expect((await supervisor.attemptStatus('a1')).state).toBe('prepared')
      const started = await supervisor.startAttempt('a1', {})
      expect(started).toMatchObject({ state: 'running', exitCode: null })
      expect(started.mainPid).toBeGreaterThan(1)
      // The client vanishes and comes back: nothing was shortened.
      rig.sshd.cut()
      await eventually(() => rig.machine.lost.aborted)
      const again = new Supervisor(await rig.connect(), { shell: shell.call })
      expect((await again.attemptStatus('a1')).state).toBe('running')
      await (await rig.connect()).exec('touch .sublet/attempts/a1/work/go')
      const status = await eventually(async () => {
        const seen = await again.attemptStatus('a1')
        return seen.state === 'exited' ? seen : null
      })
      expect(status).toMatchObject({ exitCode: 7, signal: null, phase: 'running', mainPid: null })
      expect(status.startedS).toBeLessThanOrEqual(status.endedS ?? 0)
      expect((await wholeLog(again, 'a1')).toString()).toBe(`${rentalId}\n`)
    })

    test.skipIf(!shellAvailable(shell))('starts once, though eight starts race', async () => {
      await using rig = await startSupervised(shell)
      const { supervisor } = rig
      const runScript = 'echo started >>"$SUBLET_ATTEMPT_DIR/output/count"; sleep 0.3'
      await supervisor.prepareAttempt({ attemptId: 'a1', rentalId, runScript, gpus: null })
      await Promise.all(
        Array.from({ length: 8 }, async () => await supervisor.startAttempt('a1', {})),
      )
      await rig.ended('a1')
      await supervisor.startAttempt('a1', {})
      const count = await rig.machine.exec('cat .sublet/attempts/a1/output/count')
      expect(count.stdout).toBe('started\n')
    })

    test.skipIf(!shellAvailable(shell))(
      'log: binary bytes, by offset, exact after every cut',
      async () => {
        await using rig = await startSupervised(shell)
        const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
        const octal = Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
        await rig.start(
          'a1',
          `i=0; while [ $i -lt 40 ]; do printf '${octal}'; i=$((i+1)); sleep 0.02; done`,
        )
        const expected = Buffer.concat(Array.from({ length: 40 }, () => bytes))
        const received: Uint8Array[] = []
        let offset = 0
        for (let cuts = 0; offset < expected.length; cuts += 1) {
          const machine = await rig.connect()
          const supervisor = new Supervisor(machine, { shell: shell.call })
          try {
            for await (const piece of supervisor.followLog('a1', offset, never)) {
              expect(piece.offset).toBe(offset)
              received.push(piece.bytes)
              offset += piece.bytes.length
              if (cuts < 3) rig.sshd.cut()
            }
          } catch (error) {
            expect(error).toMatchObject({ code: 'unreachable' })
          }
          expect(cuts).toBeLessThan(10)
        }
        expect(Buffer.concat(received).equals(expected)).toBe(true)
        const after = new Supervisor(await rig.connect(), { shell: shell.call })
        for (const at of [
          1,
          255,
          256,
          5000,
          expected.length - 1,
          expected.length,
          expected.length + 9,
        ]) {
          expect((await wholeLog(after, 'a1', at)).equals(expected.subarray(at))).toBe(true)
        }
      },
    )

    test.skipIf(!shellAvailable(shell))(
      'environment and secrets arrive whole, and on no disk',
      async () => {
        await using rig = await startSupervised(shell)
        const secret = 'hf_Zs3cr3t value\'s "quoted" $HOME `x` \\ ünï\nsecond line\n'
        const status = await rig.start(
          'a1',
          'printf %s "$HF_TOKEN" | od -An -tx1 | tr -d " \\n"; echo; echo "$A|$PATH"; sleep 1',
          { HF_TOKEN: secret, A: 'mine', PATH: '/usr/bin:/bin', IFS: 'x' },
        )
        const list = execFileSync('ps', ['-A', '-o', 'args'], { encoding: 'utf8' })
        expect(list.includes('hf_Zs3cr3t')).toBe(false)
        expect(status.state).toBe('running')
        await rig.ended('a1')
        const [hex, rest] = (await wholeLog(rig.supervisor, 'a1')).toString().split('\n')
        expect(Buffer.from(hex ?? '', 'hex').toString()).toBe(secret)
        expect(rest).toBe('mine|/usr/bin:/bin')
        for (const name of await readdir(join(rig.sshd.home, '.sublet'), { recursive: true })) {
          const path = join(rig.sshd.home, '.sublet', name)
          if (!(await stat(path)).isFile()) continue
          expect((await readFile(path, 'utf8')).includes('hf_Zs3cr3t')).toBe(false)
        }
      },
    )

    test.skipIf(!shellAvailable(shell))(
      'a log that grows too long ends with a line that says so',
      async () => {
        await using rig = await startSupervised(shell, { SUBLET_LOG_CAP: '100000' })
        await rig.start(
          'a1',
          'head -c 3000000 /dev/zero | tr "\\0" x; sleep 6; head -c 3000000 /dev/zero; exit 4',
        )
        const status = await rig.ended('a1')
        expect(status.exitCode).toBe(4)
        const log = (await wholeLog(rig.supervisor, 'a1')).toString()
        expect(log).toMatch(/x\nsublet: the log has reached its limit of 100000 bytes/)
        expect(log.includes('\0')).toBe(false)
      },
    )

    test.skipIf(!shellAvailable(shell))(
      'files full of garbage are answered, not obeyed',
      async () => {
        await using rig = await startSupervised(shell)
        await rig.start('a1', 'exit 5')
        await rig.ended('a1')
        const attempt = '.sublet/attempts/a1'
        await rig.machine.exec(
          `cd ${attempt} && printf 'code=$(touch pwned)\\nphase=x;y\\n\\0\\377' >exit && head -c 2000 /dev/urandom >main && ` +
            `cp main runner && cp main started && cp main phase && cp main ../../rentals/${rentalId}/lease`,
        )
        expect(await rig.supervisor.attemptStatus('a1')).toMatchObject({
          state: 'exited',
          exitCode: null,
        })
        await expect(rig.supervisor.readLease(rentalId)).rejects.toMatchObject({
          code: 'not-found',
        })
        await rig.machine.exec(`rm ${attempt}/exit`)
        expect(await rig.supervisor.attemptStatus('a1')).toMatchObject({ state: 'lost' })
        expect((await rig.machine.exec(`ls ${attempt}`)).stdout).not.toContain('pwned')
        await rig.supervisor.stopAttempt('a1', 1)
      },
    )
  },
)
