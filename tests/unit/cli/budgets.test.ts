import { expect, test } from 'vitest'
import type { Budget } from '../../../preload/contract/budget.ts'
import { budgetState } from '../../../main/domain/budget-states.ts'
import { noticeLine } from '../../../main/cli/run/follow-notices.ts'
import { cli } from '../../support/cli-rig.ts'
import { FakeEngine } from '../../support/fake-engine.ts'
import { micros, now } from '../../support/fake-facts.ts'

process.env['TZ'] = 'UTC'

const budget: Budget = {
  id: 'day:all',
  scope: { kind: 'all' },
  period: 'day',
  action: 'stop',
  micros: micros(20_000_000),
}

async function run(...argv: string[]) {
  const set: unknown[] = []
  const removed: unknown[] = []
  const figures = { spentMicros: 16_500_000, committedMicros: 2_000_000, from: now, to: now + 1 }
  const engine = new FakeEngine({
    budgets: {
      list: async () => ({ month: '2026-03', states: [budgetState(budget, figures)] }),
      set: async (wanted) => {
        set.push(wanted)
        return { budget: { ...wanted, id: 'x' } }
      },
      remove: async ({ id }) => {
        removed.push(id)
        return {}
      },
    },
  })
  const { io, exit } = cli(['budgets', ...argv], undefined, engine)
  return { code: await exit, out: io.stdout, err: io.stderr, set, removed }
}

test('lists what is spent, what runs may still spend, and what is left', async () => {
  const { out, code } = await run()
  expect(code).toBe(0)
  expect(out).toMatch(/^PERIOD +FOR +BUDGET +SPENT .* LEFT +STATE/)
  expect(out).toMatch(
    /a day +everything +\$20\.00 +\$16\.50 +\$2\.00 +\$3\.50 +80 % or more +stops/,
  )
})

test('sets one that stops unless told to warn, and removes it', async () => {
  const all = { kind: 'all' as const }
  const made = await run('set', 'day', '20')
  expect(made.set).toEqual([{ scope: all, period: 'day', action: 'stop', micros: 20_000_000 }])
  expect(made.out).toContain('The daily budget is $20.00. Jobs are stopped in time for it')
  const warns = await run('set', 'month', '$80.50', '--project', 'vision', '--action', 'warn')
  expect(warns.set).toMatchObject([
    { scope: { kind: 'project', project: 'vision' }, action: 'warn', micros: 80_500_000 },
  ])
  expect((await run('remove', 'day')).removed).toEqual(['day:all'])
})

test.each([
  [['set', 'week', '20'], 'write day or month'],
  [['set', 'day', 'much'], 'is not an amount in USD'],
  [['set', 'day', '2', '--action', 'explode'], 'write stop or warn'],
  [['set', 'day', '2', '--project', 'a', '--provider', 'b'], 'not for both'],
  [['remove', 'month'], 'There is no such budget (the monthly budget)'],
])('%j is refused with what to write', async (argv, words) => {
  const { code, err, set, removed } = await run(...argv)
  expect(code).not.toBe(0)
  expect(err).toContain(words)
  expect([...set, ...removed]).toEqual([])
})

test('a notice is one line that says how to stop the job', () => {
  const line = noticeLine({
    id: 'idle:a1',
    kind: 'gpu-idle',
    at: now,
    jobId: 'job-01k9zzzzzzzzzzzzzzzzzzzzzz',
    title: 'train does not use its GPU',
    sentence: 'Under 5 % on every GPU for 20 min.\u001B[2J',
    costMicros: micros(1),
    actions: ['stop', 'keep', 'open'],
  })
  expect(line).not.toContain('\u001B')
  expect(line).toContain('"sublet stop job-01k9zzzzzzzzzzzzzzzzzzzzzz" stops it.')
})
