import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { buildRun, type RunInput } from '../../main/domain/environment/run-script.ts'
import { buildSetup, type SetupPlan } from '../../main/domain/environment/setup.ts'
import type { WorkFiles } from '../../main/domain/environment/work-files.ts'
import type { MachineFacts } from '../../main/domain/machine-facts.ts'
import type { Entry } from '../../preload/contract/job-spec.ts'
import { factsOf } from '../support/machine-facts.ts'
import { sshdAvailable } from '../support/sshd.ts'
import {
  shellAvailable,
  shells,
  startSupervised,
  wholeLog,
  type Supervised,
} from '../support/supervised.ts'

/** Makes venvs by python3 and installs by pip, from the work folder only. */
const fakeUv = `#!/bin/sh
echo "uv $*" >>"$HOME/uv.calls"
for last; do :; done
case $1 in
  venv) exec python3 -m venv --without-pip "$last" ;;
  pip) mkdir -p "\${5%/bin/python}/installed" && cp requirements.txt "\${5%/bin/python}/installed/" ;;
esac
`

interface Job {
  readonly entry: Entry
  readonly files?: Readonly<Record<string, string>>
  readonly setup?: readonly string[]
  readonly facts?: MachineFacts
  readonly image?: string
  readonly env?: Readonly<Record<string, string>>
  readonly resume?: boolean
}

/** Plans, sends the files and starts; the log and status at the end, and the plan. */
async function run(rig: Supervised, attemptId: string, job: Job) {
  const text = (name: string): string | null => job.files?.[name] ?? null
  const files: WorkFiles = {
    requirementsTxt: text('requirements.txt'),
    pyproject: text('pyproject.toml'),
    uvLock: text('uv.lock'),
    renvLock: text('renv.lock'),
  }
  const facts = job.facts ?? factsOf()
  const spec: RunInput['spec'] & { setup: string[] } = {
    entry: job.entry,
    setup: [...(job.setup ?? [])],
    environment:
      job.image === undefined ? { kind: 'machine' } : { kind: 'image', image: job.image },
    env: { ...job.env },
    secrets: ['TOKEN'],
    needs: {},
  }
  const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex')
  const setup: SetupPlan = buildSetup({ spec, facts, files, attemptId, sha256 })
  const dataPath = `${rig.sshd.home}/data`
  const runScript = buildRun({
    spec,
    setup,
    facts,
    jobId: 'job-1',
    dataPath,
    gpus: null,
    resume: job.resume ?? false,
  })
  const folder = await rig.supervisor.prepareAttempt({
    attemptId,
    rentalId: 'sublet-01test',
    runScript,
    gpus: null,
  })
  for (const [name, content] of Object.entries(job.files ?? {})) {
    await rig.machine.exec(`cat >'${folder}/work/${name}'`, { stdin: content })
  }
  await rig.supervisor.startAttempt(attemptId, { TOKEN: 't0ken' })
  const status = await rig.ended(attemptId)
  return { status, setup, folder, log: (await wholeLog(rig.supervisor, attemptId)).toString() }
}

const script = `import os, sys
print(sys.argv[1:], sys.prefix != sys.base_prefix)
for name in ("JOB_ID", "DATA", "OUTPUT", "RESUME"): print(os.environ["SUBLET_" + name])
print(os.environ["NOTE"], os.environ["TOKEN"], os.getcwd())
sys.exit(3)
`

describe.skipIf(!sshdAvailable()).each([...shells])(
  'the run script under $name',
  { concurrent: true },
  (shell) => {
    test.skipIf(!shellAvailable(shell))(
      'plain python3 sees its job, and no environment is made',
      async () => {
        await using rig = await startSupervised(shell)
        const { status, log, folder } = await run(rig, 'a1', {
          entry: { kind: 'python', path: 'train me.py', args: ['--name', "it's $HOME"] },
          files: { 'train me.py': script },
          env: { NOTE: 'a "b" `c`' },
          resume: true,
        })
        expect(status).toMatchObject({ exitCode: 3, phase: 'running' })
        expect(log.split('\n')).toEqual([
          `['--name', "it's $HOME"] False`,
          'job-1',
          `${rig.sshd.home}/data`,
          `${folder}/output`,
          '1',
          `a "b" \`c\` t0ken ${folder}/work`,
          '',
        ])
      },
    )

    test.skipIf(!shellAvailable(shell))(
      'an environment is made once, and its failure is told apart',
      async () => {
        await using rig = await startSupervised(shell)
        await rig.tool('uv', fakeUv)
        const job: Job = {
          entry: { kind: 'python', path: 'a.py', args: [] },
          files: { 'a.py': 'import sys; print(sys.prefix)', 'requirements.txt': 'tiny\n' },
          setup: ['echo preparing; echo x >>"$HOME/prepared"'],
        }
        const first = await run(rig, 'a1', job)
        const venv = `${rig.sshd.home}/.sublet/environments/${first.setup.hash}/venv`
        expect(first.status).toMatchObject({ exitCode: 0, phase: 'running' })
        expect(first.log).toMatch(/^\+ echo preparing.*\npreparing\n/)
        expect(first.log.trim().endsWith(venv)).toBe(true)
        const second = await run(rig, 'a2', job)
        expect(second.log).toBe(`${venv}\n`)
        expect((await rig.machine.exec('cat prepared')).stdout).toBe('x\n')
        expect((await rig.machine.exec('grep -c "^uv venv" uv.calls')).stdout).toBe('1\n')

        const failing = await run(rig, 'a3', {
          ...job,
          setup: ['echo trying', 'sh -c "exit 9"', 'echo not reached'],
        })
        expect(failing.status).toMatchObject({ exitCode: 9, phase: 'setup' })
        expect(failing.log).toMatch(/trying\n.*\nsublet: the set-up failed with exit code 9/)
        expect(failing.log).not.toMatch(/^not reached/m)
        // A failed set-up is tried again, and two at once do not disturb each other.
        const both = {
          ...job,
          setup: ['[ -e "$HOME/ready" ]', 'sleep 1; echo y >>"$HOME/prepared"'],
        }
        expect((await run(rig, 'a4', both)).status).toMatchObject({ exitCode: 1, phase: 'setup' })
        await rig.machine.exec('touch ready')
        const pair = await Promise.all([run(rig, 'a5', both), run(rig, 'a6', both)])
        expect(pair.map((each) => each.status.exitCode)).toEqual([0, 0])
        expect((await rig.machine.exec('cat prepared')).stdout).toBe('x\ny\n')
      },
    )

    test.skipIf(!shellAvailable(shell))(
      'shell scripts by their first line, executables, commands',
      async () => {
        await using rig = await startSupervised(shell)
        const shellRun = async (id: string, content: string): Promise<string> =>
          (
            await run(rig, id, {
              entry: { kind: 'shell', path: 'go.sh', args: ['a b'] },
              files: { 'go.sh': content },
            })
          ).log
        expect(await shellRun('s1', '#!/bin/bash\nx=(1 2); echo "${#x[@]} $1"\n')).toBe('2 a b\n')
        expect(await shellRun('s2', '#!/bin/sh\necho "$1"\n')).toBe('a b\n')
        expect(await shellRun('s3', 'echo "$1"\n')).toBe('a b\n')
        expect(
          await shellRun('s4', '#!/usr/bin/env python3\nimport sys; print(sys.argv[1])\n'),
        ).toBe('a b\n')
        const executable = await run(rig, 'x1', {
          entry: { kind: 'executable', path: '-odd name', args: ['1'] },
          files: { '-odd name': '#!/bin/sh\necho "ran $1"; kill -TERM $$\n' },
        })
        expect(executable.log).toBe('ran 1\n')
        expect(executable.status).toMatchObject({ signal: 15 })
        const command = await run(rig, 'c1', {
          entry: { kind: 'command', command: 'echo one && cat <<X | tr a-z A-Z\ntwo\nX\nexit 5' },
        })
        expect(command).toMatchObject({ log: 'one\nTWO\n', status: { exitCode: 5 } })
      },
    )

    test.skipIf(!shellAvailable(shell))(
      'an image runs the same script inside, by a stand-in for docker',
      async () => {
        await using rig = await startSupervised(shell)
        await rig.machine.exec('mkdir data')
        await rig.tool(
          'docker',
          '#!/bin/sh\necho "$*" >>"$HOME/docker.calls"\n[ "$1" = run ] || exit 0\n' +
            'while [ "$1" != --entrypoint ]; do case $1 in -e) case $2 in *=*) export "$2" ;; esac ;; esac; shift; done\nexec "$2" "$4"\n',
        )
        const { log, status } = await run(rig, 'a1', {
          entry: {
            kind: 'command',
            command: 'echo "inside $SUBLET_JOB_ID $TOKEN $SUBLET_OUTPUT"; exit 4',
          },
          image: 'img:1',
          setup: ['echo prepared'],
          facts: factsOf({ docker: { usable: true, nvidia: true } }),
        })
        expect(log).toMatch(/^\+ echo prepared\nprepared\ninside job-1 t0ken .*\/output\n$/)
        expect(status).toMatchObject({ exitCode: 4, phase: 'running' })
        const calls = (await rig.machine.exec('cat docker.calls')).stdout
        expect(calls).toContain('image inspect img:1')
        expect(calls).toContain('run --rm --init --name sublet-a1 ')
        expect(calls).toContain(`-v ${rig.sshd.home}/data:${rig.sshd.home}/data`)
        expect(calls).not.toContain('t0ken')
      },
    )
  },
)
