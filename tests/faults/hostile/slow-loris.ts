import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { TestUser } from '../../support/cli.ts'
import { eventually } from '../../support/eventually.ts'
import { readBooks } from '../books.ts'
import { submitted } from '../client-gone/submitted.ts'
import { broke, held, type Injection } from '../fault-class.ts'
import { script, withUser } from './with-user.ts'

/** Engine time runs so much faster, so that the end comes within two minutes. */
const speed = 4
const lateMs = 15_000
const earlyMs = 4_000
const patience = { timeoutMs: 60_000, everyMs: 100 }

/** A machine that does not refuse its results, but hands them out too slowly to be of use. */
export interface Loris {
  readonly what: string
  /** The program of the machine that is replaced, and by what; `$real` is its path. */
  readonly program: string
  readonly body: string
}

const silence = 'while printf x; do sleep 20; done'
/** The true answer, three bytes a second. */
const drip = `"$real" "$@" | while piece=$(dd bs=3 count=1 2>/dev/null | base64); [ -n "$piece" ]; do
  printf %s "$piece" | base64 -d
  sleep 1
done`

export const lorises: readonly Loris[] = [
  { what: 'results of which a byte comes now and then', program: 'tar', body: silence },
  { what: 'results at three bytes a second', program: 'tar', body: drip },
  { what: 'a list of results at three bytes a second', program: 'find', body: drip },
]

/** Plays one with the shipping engine: the end comes in time, and what was home by then stays. */
export async function slowLoris(loris: Loris): Promise<Injection> {
  const { what } = loris
  return await withUser(what, async (user) => {
    const anchor = Date.now()
    const physical = (at: number): number => anchor + (at - anchor) / speed
    const { id, openGate } = await begin(user, loris, anchor)
    const first = join(user.work, 'out', 'first.txt')
    await eventually(() => existsSync(first), { ...patience, what: 'the first copy home' })
    openGate()
    const { endBy } = await user.untilState('collecting')
    if (endBy === null) return broke(what, 'nothing says when the machine ends')
    let wasTold = false
    const ended = await eventually(
      async () => {
        const { summary } = await user.show(id)
        wasTold ||= /sent next to nothing for .* until /.test(summary.progress?.sentence ?? '')
        if (summary.endedAt !== null) return summary
        throw new Error(`${summary.state}: ${summary.progress?.sentence ?? ''}`)
      },
      { timeoutMs: physical(endBy) - Date.now() + 30_000, everyMs: 500 },
    )
    const lateBy = (await endOf(user, physical)) - physical(endBy)
    const books = await readBooks(user.home, user.sandbox)
    const problems = [
      ...(lateBy > lateMs ? [`the machine ended ${lateBy} ms after its end`] : []),
      ...(lateBy < -earlyMs ? [`it went ${-lateBy} ms early, with results on it`] : []),
      ...(wasTold ? [] : ['nobody said that next to nothing came']),
      ...(readFileSync(first, 'utf8') === 'first\n' ? [] : ['what was copied home is lost']),
      ...(existsSync(join(user.work, 'out', 'second.txt')) ? ['a file came by halves'] : []),
      ...(/before all results were home. What had been mirrored is in .*\/out\./.test(
        ended.error?.message ?? '',
      )
        ? []
        : [`it only says: ${ended.error?.message ?? ended.state}`]),
      ...books.leaked,
      ...books.wrong,
    ]
    return problems.length === 0
      ? held(what)
      : broke(what, problems.join('; '), { leaked: books.leaked.length })
  })
}

/** Submits a job that waits for the gate before it replaces the program and ends. */
async function begin(
  user: TestUser,
  { program, body }: Loris,
  anchor: number,
): Promise<{ readonly id: string; readonly openGate: () => void }> {
  const gate = join(user.base, 'open.gate')
  script(
    user,
    'slow',
    `echo first > "$SUBLET_OUTPUT/first.txt"
while [ ! -e '${gate}' ]; do sleep 0.1; done
real=$(command -v ${program})
fake=\${PATH%%:*}/${program}
{ printf '#!/bin/sh\\nreal=%s\\n' "$real"; cat << 'BODY'; } > "$fake.new"
${body}
BODY
chmod +x "$fake.new"
mv "$fake.new" "$fake"
seq 2000 > "$SUBLET_OUTPUT/second.txt"
for n in $(seq 300); do : > "$SUBLET_OUTPUT/empty-$n"; done
`,
  )
  const file = join(user.work, 'slow.yaml')
  writeFileSync(
    file,
    stringify({
      script: 'slow/job.sh',
      output: 'out',
      provider: 'sandbox',
      gpus: 0,
      keepWarm: '0',
      retries: 0,
      maxDuration: '2m',
      afterExit: '1m',
      mirror: { every: '1s' },
    }),
  )
  const env = { SUBLET_CLOCK: `${speed}@${anchor}` }
  const { id, command } = await submitted(user, () =>
    user.start(['run', file, '--detach', '--yes'], { env }),
  )
  await command.exit
  return { id, openGate: () => writeFileSync(gate, '') }
}

/** When the sandbox says that its only machine has ended, in physical time. */
async function endOf(user: TestUser, physical: (at: number) => number): Promise<number> {
  return await eventually(
    async () => {
      const machines = await user.sandbox.machines()
      const at = machines[0]?.endedAt
      if (machines.length === 1 && at !== null && at !== undefined) return physical(at)
      throw new Error(`${machines.length} machines: ${machines[0]?.state ?? 'none'}`)
    },
    { ...patience, what: 'the machine to end' },
  )
}
