import { describe, expect, test } from 'vitest'
import type { MetricsChunk } from '../../main/machine/supervisor/supervisor.ts'
import { eventually } from '../support/eventually.ts'
import { sshdAvailable } from '../support/sshd.ts'
import { shellAvailable, shells, startSupervised, type Supervised } from '../support/supervised.ts'

/** Answers like the real tool: CSV without header and units, in a loop with -lms. */
const fakeNvidiaSmi = `#!/bin/sh
echo "$$ $*" >>"$HOME/nvidia-smi.calls"
loop=no only=
while [ $# -gt 0 ]; do
  case $1 in -lms) loop=yes; shift ;; -i) only=$2; shift ;; esac
  shift
done
while :; do
  case ,\${only:-0,1}, in *,0,*) echo "0, 87, 1024, 40960, 250.51, 61" ;; esac
  case ,\${only:-0,1}, in *,1,*) echo "1, [N/A], 2048, 40960, [Unknown Error], 44" ;; esac
  [ $loop = yes ] || exit 0
  sleep 1
done
`

async function collect(rig: Supervised, attemptId: string, offset = 0): Promise<MetricsChunk[]> {
  const chunks: MetricsChunk[] = []
  const { signal } = new AbortController()
  for await (const chunk of rig.supervisor.followMetrics(attemptId, offset, signal))
    chunks.push(chunk)
  return chunks
}

describe.skipIf(!sshdAvailable()).each([...shells])(
  'metrics under $name',
  { concurrent: true },
  (shell) => {
    test.skipIf(!shellAvailable(shell))('one line a second from one nvidia-smi', async () => {
      await using rig = await startSupervised(shell)
      await rig.tool('nvidia-smi', fakeNvidiaSmi)
      await rig.start('a1', 'sleep 4')
      const chunks = await collect(rig, 'a1')
      const samples = chunks.flatMap((chunk) => chunk.samples)
      expect(samples.length).toBeGreaterThanOrEqual(3)
      expect(samples.length).toBeLessThanOrEqual(7)
      const last = samples.at(-1)
      expect(last?.gpus).toEqual([
        {
          index: 0,
          utilisationPercent: 87,
          memoryUsedMib: 1024,
          memoryTotalMib: 40960,
          powerWatt: 250.51,
          temperatureC: 61,
        },
        {
          index: 1,
          utilisationPercent: null,
          memoryUsedMib: 2048,
          memoryTotalMib: 40960,
          powerWatt: null,
          temperatureC: 44,
        },
      ])
      expect(Math.abs((last?.at ?? 0) - Date.now())).toBeLessThan(15_000)
      expect(last?.memoryTotalMib).toBeGreaterThan(100)
      expect(last?.diskTotalMib).toBeGreaterThan(100)
      expect(last?.cpuPercent).toBeLessThanOrEqual(100)
      const calls = (await rig.machine.exec('cat nvidia-smi.calls')).stdout.trim().split('\n')
      expect(calls.filter((call) => call.includes('-lms 1000')).length).toBe(1)
      // The job has ended, and so has the sampler.
      const pids = calls.map((call) => call.split(' ')[0])
      await eventually(async () => {
        const alive = await rig.machine.exec(
          `for p in ${pids.join(' ')}; do kill -0 $p && echo $p; done`,
        )
        return alive.stdout === ''
      })
      // Going on at an offset repeats nothing.
      const middle = chunks[0]?.nextOffset ?? 0
      const rest = (await collect(rig, 'a1', middle)).flatMap((chunk) => chunk.samples)
      expect(rest).toEqual(samples.slice(chunks[0]?.samples.length))
    })

    test.skipIf(!shellAvailable(shell))(
      'a job with one GPU sees and measures that one',
      async () => {
        await using rig = await startSupervised(shell)
        await rig.tool('nvidia-smi', fakeNvidiaSmi)
        await rig.start('a1', 'echo "$CUDA_DEVICE_ORDER $CUDA_VISIBLE_DEVICES"; sleep 2', {}, [1])
        const samples = (await collect(rig, 'a1')).flatMap((chunk) => chunk.samples)
        expect(samples.map((sample) => sample.gpus.map((gpu) => gpu.index))).toEqual(
          samples.map(() => [1]),
        )
        expect((await rig.machine.exec('cat .sublet/attempts/a1/log')).stdout).toBe(
          'PCI_BUS_ID 1\n',
        )
      },
    )

    test.skipIf(!shellAvailable(shell))('an AMD GPU by rocm-smi', async () => {
      await using rig = await startSupervised(shell, { SUBLET_WITHOUT: 'nvidia-smi' })
      await rig.tool(
        'rocm-smi',
        `#!/bin/sh
echo
echo 'device,Temperature (Sensor edge) (C),Temperature (Sensor junction) (C),Average Graphics Package Power (W),GPU use (%),VRAM Total Memory (B),VRAM Total Used Memory (B)'
echo 'card0,41.0,45.0,93.0,77,68702699520,1073741824'
`,
      )
      await rig.start('a1', 'sleep 3')
      const samples = (await collect(rig, 'a1')).flatMap((chunk) => chunk.samples)
      expect(samples.length).toBeGreaterThanOrEqual(2)
      expect(samples.at(-1)?.gpus).toEqual([
        {
          index: 0,
          utilisationPercent: 77,
          memoryUsedMib: 1024,
          memoryTotalMib: 65520,
          powerWatt: 93,
          temperatureC: 41,
        },
      ])
    })

    test.skipIf(!shellAvailable(shell))('each sample carries the size of the log', async () => {
      await using rig = await startSupervised(shell, { SUBLET_WITHOUT: 'nvidia-smi rocm-smi' })
      await rig.start(
        'a1',
        'sleep 2; i=0; while [ $i -lt 5 ]; do echo "line $i"; i=$((i + 1)); sleep 1; done',
      )
      const sizes = (await collect(rig, 'a1'))
        .flatMap((chunk) => chunk.samples)
        .map((one) => one.logBytes)
      expect(sizes[0]).toBe(0)
      expect(sizes).toEqual(sizes.toSorted((a, b) => (a ?? 0) - (b ?? 0)))
      // Whole lines only: seven bytes each, and nearly all of them seen one by one.
      expect(sizes.every((size) => size !== null && size % 7 === 0 && size <= 35)).toBe(true)
      expect(new Set(sizes).size).toBeGreaterThanOrEqual(4)
    })

    test.skipIf(!shellAvailable(shell))('garbage is dropped and counted', async () => {
      await using rig = await startSupervised(shell)
      await rig.start('a1', 'sleep 1')
      await rig.ended('a1')
      await rig.machine.exec(
        "cd .sublet/attempts/a1 && { echo '1795222790 1 664 24105 12106 258019 424914454 993013'; " +
          "echo 'rm -rf /'; printf '\\0\\377\\n'; echo '1795222791 x 1 1 1 1 1 1'; echo '1795222791 1 1 1 1 1 1 1 0:1'; " +
          "echo '1795222792 - - - - - - - io=-:- log=7 new=x'; head -c 70000 /dev/zero; echo; echo 'no end'; } >metrics",
      )
      const chunks = await collect(rig, 'a1')
      const samples = chunks.flatMap((chunk) => chunk.samples)
      expect(samples.map((sample) => sample.at)).toEqual([1795222790000, 1795222792000])
      expect(chunks.at(-1)?.dropped).toBeGreaterThanOrEqual(6)
    })

    test.skipIf(!shellAvailable(shell))(
      'a machine without GPU tells of its processor',
      async () => {
        await using rig = await startSupervised(shell, { SUBLET_WITHOUT: 'nvidia-smi rocm-smi' })
        await rig.start('a1', 'sleep 3')
        const samples = (await collect(rig, 'a1')).flatMap((chunk) => chunk.samples)
        expect(samples.length).toBeGreaterThanOrEqual(3)
        expect(samples.every((sample) => sample.gpus.length === 0)).toBe(true)
      },
    )

    test.skipIf(!shellAvailable(shell)).each(['setsid', 'setsid python3', 'setsid python3 perl'])(
      'without %s a job detaches and stops all the same',
      async (without) => {
        await using rig = await startSupervised(shell, { SUBLET_WITHOUT: without })
        await rig.start('a1', 'sleep 7401 & sleep 7402; echo not reached')
        rig.sshd.cut()
        await eventually(() => rig.machine.lost.aborted)
        const machine = await rig.connect()
        const call = `SUBLET_SH='${shell.call}' ${shell.call} .sublet/supervisor-*.sh`
        expect((await machine.exec(`${call} status a1`)).stdout).toMatch(/^state=running$/m)
        expect((await machine.exec(`${call} stop a1 3`)).stdout).toBe('left=0\n')
        expect((await machine.exec(`${call} status a1`)).stdout).toMatch(/^state=exited$/m)
      },
    )

    test.skipIf(!shellAvailable(shell) || shell.applets)('works without /proc, by ps', async () => {
      await using rig = await startSupervised(shell, { SUBLET_PROC: '/nonexistent' })
      await rig.supervisor.setLease('sublet-01test', { endsInS: 100 })
      expect((await rig.supervisor.readLease('sublet-01test')).watchdog).toBe(true)
      await rig.start('a1', 'sleep 7501 & sleep 7502; echo not reached')
      expect((await rig.supervisor.attemptStatus('a1')).state).toBe('running')
      await rig.supervisor.stopAttempt('a1', 3)
      expect(await rig.supervisor.attemptStatus('a1')).toMatchObject({
        state: 'exited',
        signal: 15,
      })
      await rig.supervisor.sweepRental('sublet-01test')
    })
  },
)
