import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { micros } from '../../../main/domain/money.ts'
import { matching } from '../../../renderer/app/palette-commands.ts'
import { parseRoute, routePath } from '../../../renderer/app/routes.ts'
import { verdictWords } from '../../../renderer/app/verdict-words.ts'

describe('routes', () => {
  const params = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string())
  const page = fc.constantFrom('run', 'jobs', 'offers', 'spend', 'accounts', 'settings')
  const plain = fc.record({ page, params })
  const job = fc.record({
    page: fc.constant('job' as const),
    jobId: fc.string({ minLength: 1 }),
    params,
  })

  test('what is written into the address is read back', () => {
    fc.assert(
      fc.property(fc.oneof(plain, job), (route) => {
        const read = parseRoute(`#${routePath(route)}`)
        expect(read).toEqual({ ...route, params: { ...route.params } })
      }),
    )
  })

  test('an unknown address is the Run page', () => {
    expect(parseRoute('#/nothing/here')).toEqual({ page: 'run', params: {} })
    expect(parseRoute('')).toEqual({ page: 'run', params: {} })
    expect(parseRoute('#/jobs/job-%')).toEqual({ page: 'jobs', params: {} })
  })
})

describe('the palette', () => {
  const command = (label: string, about: string) => ({
    id: label,
    label,
    about,
    run: () => undefined,
  })
  const commands = [command('Offers', 'compare prices'), command('Spend', 'month, budgets')]

  test('every word must be found, in whatever case and order', () => {
    expect(matching(commands, 'PRICES off').map(({ id }) => id)).toEqual(['Offers'])
    expect(matching(commands, 'prices budgets')).toEqual([])
    expect(matching(commands, ' ')).toEqual(commands)
  })
})

describe('the verdict over all machines', () => {
  const machine = (stopsByItself: boolean | null) => ({
    rentalId: 'sublet-01hzzzzzzzzzzzzzzzzzzzzzzz' as const,
    machine: 'H100',
    jobId: null,
    jobName: null,
    microsPerHour: micros(1),
    simulated: false,
    stopsByItself,
    endsAt: null,
    because: '',
    release: null,
  })

  test('a single NO decides, an unknown one keeps it open', () => {
    expect(verdictWords([machine(true), machine(false), machine(null)])).toEqual({
      tone: 'bad',
      words: '3 machines, 1 NOT stopping by itself',
    })
    expect(verdictWords([machine(true), machine(null)]).words).toBe('2 machines, being set up')
    expect(verdictWords([machine(true)]).words).toBe('1 machine, stops by itself')
    expect(verdictWords([machine(true), machine(true)])).toEqual({
      tone: 'good',
      words: '2 machines, both stop by themselves',
    })
  })
})
