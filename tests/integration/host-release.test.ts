import { chmod, readFile, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { connectMachine } from '../../main/machine/ssh/connect.ts'
import { collect } from '../support/collect.ts'
import { eventually } from '../support/eventually.ts'
import {
  offerOf,
  ref,
  rentalId,
  request,
  session,
  shells,
  signal,
  startHost,
} from '../support/host-rig.ts'
import { memoryPins } from '../support/host-key-pins.ts'
import { isAlive, processesWithEnvironment } from '../support/sshd-processes.ts'
import { sshdAvailable, type SshdOptions, type TestSshd } from '../support/sshd.ts'

const sshds: TestSshd[] = []
afterEach(async () => {
  for (const sshd of sshds.splice(0)) await sshd.stop()
})
async function freshHost(gpus: number, options: SshdOptions = {}): Promise<TestSshd> {
  const sshd = await startHost(gpus, options)
  sshds.push(sshd)
  return sshd
}

/** Starts what a job may leave behind on the host, and returns the processes' numbers by name. */
async function startLeftovers(sshd: TestSshd): Promise<Record<string, number>> {
  const machine = await connectMachine(await sshd.target(), {}, memoryPins())
  try {
    const script = `
mkdir -p .sublet/attempts/att-1/work .sublet/attempts/att-10 .sublet/rentals/${rentalId(1)}
mkdir .sublet/attempts/att-1/work/locked && touch .sublet/attempts/att-1/work/locked/x
chmod 500 .sublet/attempts/att-1/work/locked
echo ${rentalId(1)} >.sublet/attempts/att-1/rental
echo ${rentalId(2)} >.sublet/attempts/att-10/rental
start() { setsid "$@" </dev/null >/dev/null 2>&1 & echo "$!"; }
echo plain=$(SUBLET_RENTAL_ID=${rentalId(1)} start sleep 300)
echo stubborn=$(SUBLET_RENTAL_ID=${rentalId(1)} start sh -c 'trap "" TERM; echo $$ >stubborn; while :; do sleep 1; done')
echo attempt=$(SUBLET_ATTEMPT_ID=att-1 start sleep 301)
echo parent=$(SUBLET_ATTEMPT_ID=att-1 start sh -c 'env -i sleep 302 & echo $! >child; wait')
echo other=$(SUBLET_RENTAL_ID=${rentalId(2)} SUBLET_ATTEMPT_ID=att-10 start sleep 303)
`
    const { stdout } = await machine.exec(script)
    const child = await eventually(
      async () => Number(await readFile(join(sshd.home, 'child'), 'utf8')),
      { what: 'the child' },
    )
    await eventually(async () => Number(await readFile(join(sshd.home, 'stubborn'), 'utf8')))
    const pids = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('='))
    return { ...Object.fromEntries(pids.map(([name, pid]) => [name, Number(pid)])), child }
  } finally {
    machine.close()
  }
}

describe.skipIf(!sshdAvailable())('releasing an own host', () => {
  test.each(shells)(
    'under %s it ends the job’s processes and folders, and only those',
    async (shell) => {
      const sshd = await freshHost(1, { shell })
      const host = await session(sshd)
      await host.launch(request(1, await offerOf(host, 1)), signal)
      const { other = 0, ...mine } = await startLeftovers(sshd)
      expect(Object.values(mine).every(isAlive)).toBe(true)
      const released = await host.release(ref(1), signal)
      expect(
        released.kind === 'receipt' ? released.receipt.evidence[0]?.answered : released,
      ).toMatch(/^ended [5-9] processes/)
      expect(Object.entries(mine).filter(([, pid]) => isAlive(pid))).toEqual([])
      expect(isAlive(other)).toBe(true)
      expect(await readdir(join(sshd.home, '.sublet', 'attempts'))).toEqual(['att-10'])
      expect(await readdir(join(sshd.home, '.sublet', 'rentals'))).toEqual([])
      expect(await readdir(join(sshd.home, '.sublet', 'hosts', 'claims'))).toEqual([])
    },
  )

  test.each(shells)(
    'under %s the machine does it by itself, called by the job’s own watchdog',
    async (shell) => {
      const sshd = await freshHost(1, { shell })
      const host = await session(sshd)
      await host.launch(request(1, await offerOf(host, 1)), signal)
      const { other = 0, ...mine } = await startLeftovers(sshd)
      const hook = join(sshd.home, 'self-terminate')
      await writeFile(hook, host.selfTerminateCommand?.(ref(1)) ?? '')
      const machine = await connectMachine(await sshd.target(), {}, memoryPins())
      await machine.exec(
        `SUBLET_RENTAL_ID=${rentalId(1)} setsid ${shell} ${hook} </dev/null >/dev/null 2>&1 &`,
      )
      machine.close()
      await eventually(async () => (await collect(host.list(signal))).length === 0, {
        timeoutMs: 30_000,
        everyMs: 200,
      })
      expect(Object.entries(mine).filter(([, pid]) => isAlive(pid))).toEqual([])
      expect(isAlive(other)).toBe(true)
      expect(await readdir(join(sshd.home, '.sublet', 'attempts'))).toEqual(['att-10'])
      await eventually(
        () => processesWithEnvironment(`SUBLET_RENTAL_ID=${rentalId(1)}`).length === 0,
      )
    },
  )

  test.each(shells)(
    'under %s a release that overtakes a claim in flight leaves nothing held',
    async (shell) => {
      const sshd = await freshHost(2, { shell })
      const host = await session(sshd)
      const offer = await offerOf(host, 2)
      // The claim asks for the date once it has taken its GPUs, before it writes itself down.
      const date = join(sshd.home, 'bin', 'date')
      await writeFile(
        date,
        '#!/bin/sh\ntouch "$HOME/claiming"\nwhile [ ! -e "$HOME/go-on" ]; do sleep 0.05; done\nexec /bin/date "$@"\n',
      )
      await chmod(date, 0o755)
      const launching = host.launch(request(1, offer), signal)
      const refused = expect(launching).rejects.toMatchObject({ code: 'conflict' })
      await eventually(async () => (await readdir(sshd.home)).includes('claiming'))
      expect((await host.release(ref(1), signal)).kind).toBe('receipt')
      await writeFile(join(sshd.home, 'go-on'), '')
      await refused
      await expect(host.launch(request(1, offer), signal)).rejects.toMatchObject({
        code: 'conflict',
      })
      expect(await collect(host.list(signal))).toEqual([])
      const hosts = join(sshd.home, '.sublet', 'hosts')
      expect(await readdir(join(hosts, 'claims'))).toEqual([])

      const gone = join(hosts, 'gone')
      expect(await readdir(gone)).toEqual([rentalId(1)])
      const longAgo = new Date(Date.now() - 3 * 24 * 3_600_000)
      await utimes(join(gone, rentalId(1)), longAgo, longAgo)
      expect(await host.launch(request(2, offer), signal)).toMatchObject({ gpuIndices: [0, 1] })
      expect(await readdir(gone)).toEqual([])
    },
  )

  test('an unreachable host is unknown, never gone; afterwards it is as it was', async () => {
    const sshd = await freshHost(1)
    const host = await session(sshd)
    await host.launch(request(1, await offerOf(host, 1)), signal)
    await sshd.pause()
    await expect(host.describe(ref(1, true), signal)).rejects.toMatchObject({ code: 'unreachable' })
    await expect(host.release(ref(1, true), signal)).rejects.toMatchObject({ code: 'unreachable' })
    expect(await host.check(signal)).toMatchObject({ ok: false })
    await sshd.resume()
    expect((await host.describe(ref(1, true), signal)).state).toBe('running')
  })

  test('a changed host key stops everything', async () => {
    const sshd = await freshHost(1)
    const trusted = await sshd.hostKeys()
    await sshd.changeHostKeys()
    const host = await session(sshd, { trusted })
    await expect(collect(host.offers({}, signal))).rejects.toMatchObject({
      code: 'host-key',
    })
    expect((await host.check(signal)).message).toContain('SHA256:')
  })
})
