import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { inert, inertLine } from '../../../main/cli/format/inert.ts'
import { tableLines } from '../../../main/cli/format/table.ts'
import { cutTo, widthOf } from '../../../main/cli/format/width.ts'
import { chooseJob } from '../../../main/cli/resolve-job.ts'
import { LogPosition } from '../../../main/cli/run/log-position.ts'
import { sshArguments } from '../../../main/cli/ssh-arguments.ts'
import { LogLines, lastRewrite } from '../../../main/cli/views/log-lines.ts'
import { metricsWords } from '../../../main/cli/words/metrics-words.ts'
import { queuedJob, ssh } from '../../support/fake-facts.ts'

test('colours stay, everything else that could act on a terminal is shown instead', () => {
  expect(inert('\u001b[1;32mok\u001b[0m\tx\n', true)).toBe('\u001b[1;32mok\u001b[0m\tx\u001b[0m\n')
  expect(inert('\u001b[32mok\n', false)).toBe('ok\n')
  expect(inert('\u001b]0;t\u0007\u001b[2J\u009b1m\u202e', true)).toBe('␛]0;t␇␛[2J\ufffd1m\ufffd')
  expect(inertLine('a\nb\u001b[31m')).toBe('a b')
})

test('no text gets a control sequence other than colour through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (a, b) => {
      const shown = inert(`${a}\u001b${b}\u001b[5A\u0007`, true)
      expect(shown.replace(/\u001b\[[0-9;:]*m/g, '')).not.toMatch(
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/,
      )
    }),
  )
})

test('a log cut anywhere gives the same lines', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'é', '\n', '日') }),
      fc.nat(),
      (text, at) => {
        const bytes = Buffer.from(text)
        const cut = at % (bytes.length + 1)
        const lines = new LogLines()
        const parts = [
          ...lines.push(bytes.subarray(0, cut)),
          ...lines.push(bytes.subarray(cut)),
          lines.take(),
        ]
        expect(Buffer.concat(parts).toString()).toBe(text)
        expect(parts.slice(0, -1).every((part) => part.indexOf('\n') === part.length - 1)).toBe(
          true,
        )
      },
    ),
  )
})

test('a line that was rewritten shows its last state', () => {
  expect(lastRewrite(' 10%\r 50%\r100%\n')).toBe('100%')
  expect(lastRewrite('windows\r\n')).toBe('windows')
  expect(lastRewrite('half\r')).toBe('half')
})

test('a resumed log repeats and skips nothing', () => {
  const position = new LogPosition()
  expect(position.take(0, Buffer.from('abc')).length).toBe(3)
  expect(Buffer.from(position.take(1, Buffer.from('bcd'))).toString()).toBe('d')
  expect(position.take(0, Buffer.from('ab')).length).toBe(0)
  expect(position.next).toBe(4)
})

test('tables align figures on the right and leave empty columns out', () => {
  const rows = [
    { name: '日本', cost: '$10.00' },
    { name: 'a', cost: '$1.00' },
  ]
  const lines = tableLines(rows, [
    { title: 'NAME', value: (row) => row.name },
    { title: 'NONE', value: () => '' },
    { title: 'COST', right: true, value: (row) => row.cost },
  ])
  expect(lines).toEqual(['NAME    COST', '日本  $10.00', 'a      $1.00'])
  expect(widthOf(cutTo('a long line', 6))).toBe(6)
})

test('JOB is an id, the beginning of one, or the latest of a name', () => {
  const older = { ...queuedJob, id: 'job-01k9aaaaaaaaaaaaaaaaaaaaaa', createdAt: 1 }
  const jobs = [older, queuedJob]
  expect(chooseJob(jobs, 'train')).toBe(queuedJob)
  expect(chooseJob(jobs, older.id)).toBe(older)
  expect(chooseJob(jobs, '01k9a')).toBe(older)
  expect(() => chooseJob(jobs, 'job-01k9')).toThrow(/begins the ids of 2 jobs/)
  expect(() => chooseJob(jobs, 'trian')).toThrow(/did you mean "train"/)
  expect(() => chooseJob([], '')).toThrow(/There is no job ""/)
})

test('ssh trusts the pinned key only, and starts in the work folder', () => {
  const args = sshArguments({ ...ssh, workDir: '~/a b', jumps: ['x@y:1'] }, [], true)
  expect(args.join(' ')).toContain('StrictHostKeyChecking=yes')
  expect(args).toContain('UserKnownHostsFile=/home/fake/known\\ hosts')
  expect(args).toContain('x@y:1')
  expect(args.at(-1)).toMatch(/^cd ~\/'a b'.*exec/)
  expect(sshArguments(ssh, ['ls', '-l'], false).at(-1)).toMatch(/ && ls -l$/)
})

test('live figures leave out what is not known', () => {
  const gpu = {
    index: 0,
    utilisationPercent: 97,
    memoryUsedMib: 61 * 1024,
    memoryTotalMib: 80 * 1024,
  }
  const rest = { memoryUsedMib: null, memoryTotalMib: null, diskUsedMib: null, diskTotalMib: null }
  const sample = {
    at: 0,
    cpuPercent: 12.3,
    ...rest,
    networkReceivedBytes: null,
    networkSentBytes: null,
    diskReadBytes: null,
    diskWrittenBytes: null,
    logBytes: null,
  }
  const full = { ...gpu, powerWatt: 412.4, temperatureC: 61 }
  expect(metricsWords({ ...sample, gpus: [full] })).toBe('GPU 0 97 % 61/80 GiB 412 W 61 °C')
  expect(
    metricsWords({ ...sample, gpus: [{ ...full, powerWatt: null, memoryTotalMib: null }] }),
  ).toBe('GPU 0 97 % 61 °C')
  expect(metricsWords({ ...sample, gpus: [] })).toBe('CPU 12 %')
})
