import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jobRequest } from '../../../main/cli/run/job-request.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sublet-request-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const text = 'script: a.py\nargs: [x]\nprovider: sandbox\nbudget: 2\nenv: {A: 1, B: 2}\n'

test('flags win over the file, pairs are joined, paths start where they were written', async () => {
  await mkdir(path.join(dir, 'job'))
  await writeFile(path.join(dir, 'job', 'sublet.yaml'), text)
  const options = { budget: '3', env: { B: '3' }, data: ['d'], host: 'lab' }
  expect(await jobRequest('job', options, [], dir)).toEqual({
    baseDir: path.join(dir, 'job'),
    file: {
      script: 'a.py',
      args: ['x'],
      host: 'lab',
      budget: '3',
      env: { A: 1, B: '3' },
      data: [path.join(dir, 'd')],
    },
  })
  const command = await jobRequest('job/sublet.yaml', { command: 'make' }, [], dir)
  expect(command.file).toMatchObject({ script: 'a.py', command: 'make' })
  expect(command.file).not.toHaveProperty('args')
})

test('a folder with a job file, a folder without, a script, and nothing at all', async () => {
  await writeFile(path.join(dir, 'sublet.yaml'), 'name: x\n')
  expect((await jobRequest(undefined, {}, [], dir)).file).toEqual({ name: 'x', script: '.' })
  await mkdir(path.join(dir, 'plain'))
  const folder = await jobRequest('plain', {}, ['-v'], dir)
  expect(folder.file).toEqual({ script: path.join(dir, 'plain'), args: ['-v'] })
  expect((await jobRequest(undefined, { command: 'ls' }, [], dir)).file).toEqual({ command: 'ls' })
  await expect(jobRequest(undefined, {}, [], path.join(dir, 'plain'))).rejects.toThrow(
    /Nothing to run/,
  )
  await expect(jobRequest('a.py', { script: 'b.py' }, [], dir)).rejects.toThrow(/Two scripts/)
})
