import { describe, expect, it } from 'vitest'
import type { JobState } from '../../../../preload/contract/job-state.ts'
import { outputConflict } from '../../../../main/domain/job/output-conflict.ts'

const job = (outputDir: string, state: JobState = 'running') => ({
  id: 'job-1',
  state,
  spec: { name: 'other', outputDir },
})

describe('the conflict of two output folders', () => {
  it.each([
    ['/out', '/out'],
    ['/out', '/out/deeper'],
    ['/out/deeper', '/out'],
    ['/', '/out'],
    ['C:\\out', 'C:\\out\\deeper'],
  ])('is there between %s and %s', (mine, theirs) => {
    const conflict = outputConflict(mine, [job(theirs)])
    expect(conflict).toMatchObject({ code: 'conflict' })
    expect(conflict?.message).toContain('--output')
  })

  it.each([
    ['/out', '/other'],
    ['/out', '/out-2'],
    ['/out-2', '/out'],
  ])('is not there between %s and %s', (mine, theirs) => {
    expect(outputConflict(mine, [job(theirs)])).toBeNull()
  })

  it.each(['done', 'failed', 'cancelled'] as const)('ends with the job, which is %s', (state) => {
    expect(outputConflict('/out', [job('/out', state)])).toBeNull()
  })
})
