import { expect, test } from 'vitest'
import { cli } from '../../support/cli-rig.ts'
import { eventually } from '../../support/eventually.ts'
import { unleasedProposal } from '../../support/fake-facts.ts'
import { FakeEngine } from '../../support/fake-engine.ts'
import { FakeIo } from '../../support/fake-io.ts'

process.env['TZ'] = 'UTC'
const run = ['run', '--command', 'true', '--yes'] as const

async function followed(engine: FakeEngine): Promise<void> {
  await eventually(() => engine.job.readers > 0, { what: 'the follower' })
}

test('says what it understood, follows plainly, and ends with receipt and bill', async () => {
  const { io, engine, exit } = cli(run)
  await followed(engine)
  engine.job.set({ state: 'running', progress: { fraction: 0.5, sentence: 'Running for 10 s.' } })
  engine.job.append('epoch 1\nepoch 2')
  await eventually(() => io.stdout.includes('epoch 1'))
  engine.job.end({ state: 'done', exitCode: 0 })
  expect(await exit).toBe(0)
  expect(io.stderr).toBe('')
  await expect(io.stdout).toMatchFileSnapshot('golden/run-plain.txt')
})

test('passes the exit code of the job through, and knows its own', async () => {
  const cases = [
    [{ state: 'failed', exitCode: 3 }, 3],
    [{ state: 'cancelled' }, 130],
    [{ state: 'failed', error: { code: 'budget', message: 'The budget is spent.' } }, 123],
    [{ state: 'cancelled', error: { code: 'budget', message: 'The time is up.' } }, 123],
    [{ state: 'failed', rentalId: null, error: { code: 'budget', message: 'Too little.' } }, 121],
    [{ state: 'failed', error: { code: 'no-offer', message: 'Nothing fits.' } }, 121],
    [{ state: 'failed', error: { code: 'auth', message: 'The key is refused.' } }, 122],
    [{ state: 'failed', exitCode: 0, error: { code: 'disk-full', message: 'Full.' } }, 124],
  ] as const
  for (const [end, code] of cases) {
    const { engine, exit } = cli(run)
    await followed(engine)
    engine.job.end(end)
    expect(await exit).toBe(code)
  }
})

test('asks once on a terminal; a no rents nothing', async () => {
  const io = new FakeIo({ terminal: true, answers: ['n'] })
  const { engine, exit } = cli(['run', '--command', 'true'], io)
  expect(await exit).toBe(130)
  expect(io.questions).toEqual(['Rent it? [y/N] '])
  expect(io.stderr).toBe('sublet: Nothing was rented.\n')
  expect(engine.calls.map((call) => call.method)).toEqual(['jobs.propose'])
})

test('without a terminal and without --yes says so', async () => {
  const { io, exit } = cli(['run', '--command', 'true'])
  expect(await exit).toBe(120)
  expect(io.stderr).toMatch(/no terminal to ask on: add --yes/)
})

test('a machine that does not stop by itself needs a yes of its own', async () => {
  const unleased = () => new FakeEngine({ jobs: { propose: async () => unleasedProposal } })
  const refused = cli(run, new FakeIo(), unleased())
  expect(await refused.exit).toBe(120)
  expect(refused.io.stderr).toMatch(/NO, because The provider has no expiry.*--accept-no-lease/)
  expect(refused.engine.calls).toEqual([])

  const accepted = cli([...run, '--accept-no-lease', '--detach'], new FakeIo(), unleased())
  expect(await accepted.exit).toBe(0)
  expect(accepted.engine.calls[0]?.input).toMatchObject({ acceptsNoLease: true })

  const asked = new FakeIo({ terminal: true, answers: ['y', 'no'] })
  expect(await cli(['run', '--command', 'true'], asked, unleased()).exit).toBe(130)
  expect(asked.questions).toHaveLength(2)
})

test('--json prints events only and ends with done', async () => {
  const { io, engine, exit } = cli([...run, '--json'])
  await followed(engine)
  engine.job.append('héllo\n')
  engine.job.end({ state: 'done', exitCode: 0 })
  expect(await exit).toBe(0)
  expect(io.stderr).toBe('')
  expect(io.events.map((event) => event['type'])).toEqual(
    expect.arrayContaining(['proposal', 'submitted', 'state', 'log', 'done']),
  )
  expect(io.events.at(-1)).toMatchObject({
    type: 'done',
    job: engine.job.summary.id,
    state: 'done',
    exitCode: 0,
    costMicros: 42_700,
    receipt: { instanceId: 'sim-1' },
  })
})

test('a restarted engine is found again, and no byte of the log is lost or repeated', async () => {
  const { io, engine, exit } = cli(run)
  await followed(engine)
  engine.job.set({ state: 'running' })
  engine.job.append('one\ntw')
  await eventually(() => io.stdout.includes('one'))
  engine.cut()
  await eventually(() => engine.job.readers === 0)
  engine.job.append('o\nthree\n')
  await followed(engine)
  engine.job.end({ state: 'done', exitCode: 0 })
  expect(await exit).toBe(0)
  expect(io.stdout.match(/^(one|two|three)$/gm)).toEqual(['one', 'two', 'three'])
  expect(io.stdout).toMatch(/engine does not answer/)
})

test('Ctrl-C without a terminal stops and releases; a second leaves it running', async () => {
  const first = cli(run)
  await followed(first.engine)
  first.io.interrupt()
  expect(await first.exit).toBe(130)
  expect(first.engine.calls.at(-1)?.method).toBe('jobs.stop')

  const engine = new FakeEngine({ jobs: { stop: async () => ({}) } })
  const second = cli(run, new FakeIo(), engine)
  await followed(engine)
  second.io.interrupt()
  // The same press, heard twice.
  second.io.interrupt()
  expect(second.io.stdout).not.toMatch(/Left running/)
  second.io.pass(1_000)
  second.io.interrupt()
  expect(await second.exit).toBe(130)
  expect(second.io.stdout).toMatch(/Left running: "sublet attach job-/)
})

test('Ctrl-C on a terminal asks, and leaving is an answer', async () => {
  const io = new FakeIo({ terminal: true, answers: ['l'] })
  const { engine, exit } = cli(run, io)
  await followed(engine)
  io.interrupt()
  expect(await exit).toBe(0)
  expect(io.questions[0]).toMatch(/Leave it running/)
  expect(engine.calls.map((call) => call.method)).not.toContain('jobs.stop')
})

test("control sequences in a job's log cannot touch the terminal", async () => {
  const io = new FakeIo({ terminal: true })
  const { engine, exit } = cli(run, io)
  await followed(engine)
  engine.job.append('\u001b]0;title\u0007\u001b[2J\u0008x\n 10%\r 50%\r100%\n')
  engine.job.end({ state: 'done', exitCode: 0 })
  expect(await exit).toBe(0)
  expect(io.stdout).toContain('␛]0;title␇␛[2J␈x\n')
  expect(io.stdout).toContain('\n100%\n')
})
