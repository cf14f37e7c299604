import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestUser } from '../../support/cli.ts'
import { withEngine } from '../../support/engine-client.ts'
import { broke, held, type Injection } from '../fault-class.ts'
import { everythingIn, linksOutOf } from './judge.ts'
import { script, untilEnded, withUser } from './with-user.ts'

const files = 10_000
const logBytes = 60_000_000
const mostGrownMiB = 300
/** Half of the answers come within; the rest must be content with a computer that is busy. */
const medianMs = 200
const sandbox = ['--provider', 'sandbox', '--gpus', '0', '--keep-warm', '0']

/** Floods its log without a line's end, its folder with names, and the supervisor with garbage. */
const flood = `cd "$SUBLET_OUTPUT"
A="$SUBLET_ATTEMPT_DIR"
head -c 50000000 /dev/urandom > "$A/metrics"
for one in phase started gpus; do head -c 100000 /dev/urandom > "$A/$one"; done
mkfifo pipe
mknod device c 1 3 2>/dev/null || :
ln -s /etc/passwd link; ln -s ../../../../.. up; ln -s /nowhere/evil broken
: > nul; : > 'con.txt'; : > '-rf'; : > "$(printf 'line\\nend')"; : > "$(printf '\\033]0;evil\\007\\033[2J')"
mkdir many; cd many
i=0
while [ $i -lt ${files} ]; do i=$((i + 1)); : > '-n $(touch evil) x; '"$i"; done
yes "$(printf '\\033]0;evil\\007\\033[2J\\202\\377<b>')" | tr -d '\\n' | head -c ${logBytes}
`

/** The shipping engine with a job that means harm, and one that does not, at the same time. */
export async function floodingJob(): Promise<Injection> {
  const what = `a job with ${files} odd files, ${logBytes / 1e6} MB of log without a line, and garbage for its supervisor`
  return await withUser(what, async (user) => {
    script(user, 'hostile', flood)
    script(user, 'normal', 'echo all is well; echo result > "$SUBLET_OUTPUT/result.txt"\n')
    const before = everythingIn(user.work)
    await user.run(['offers', '--provider', 'sandbox'])
    const rss = rssMib(user)
    let mostMib = rss
    const over = new AbortController()
    const took: number[] = []
    const asking = withEngine(user.home, async (api) => {
      while (!over.signal.aborted) {
        const beganMs = performance.now()
        await api.system.status({})
        took.push(performance.now() - beganMs)
        mostMib = Math.max(mostMib, rssMib(user))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })
    const hostile = await user.submit(['hostile/job.sh', '--output', 'out-hostile', ...sandbox])
    const normal = await user.submit(['normal/job.sh', '--output', 'out-normal', ...sandbox])
    const asked = asking.catch((cause: unknown) => cause)
    for (const id of [normal, hostile]) await untilEnded(user, id, 120_000)
    over.abort()
    const failure = await asked
    if (failure !== undefined) throw failure
    took.sort((a, b) => a - b)
    const at = (share: number): number => Math.round(took[Math.floor(took.length * share)] ?? 0)
    const facts = `${took.length} answers, median ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms, ${Math.round(mostMib - rss)} MiB more`
    const output = join(user.work, 'out-hostile')
    const strange = everythingIn(user.work).filter(
      (path) => !before.includes(path) && !/^out-(hostile|normal)(\/|$)/.test(path),
    )
    const special = readdirSync(output).filter((name) => {
      const found = lstatSync(join(output, name))
      return !found.isFile() && !found.isDirectory() && !found.isSymbolicLink()
    })
    const { summary, outputs } = await user.show(hostile)
    const { summary: other } = await user.show(normal)
    const problems = [
      ...(at(0.5) > medianMs ? ['the engine answered too slowly'] : []),
      ...(mostMib - rss > mostGrownMiB ? ['the engine grew too large'] : []),
      ...(strange.length > 0
        ? [`beside the output folder: ${strange.slice(0, 5).join(', ')}`]
        : []),
      ...(special.length > 0 ? [`no files: ${special.join(', ')}`] : []),
      ...linksOutOf(output).map((link) => `${link} leads out of the output folder`),
      ...(summary.state === 'done' ? [] : [`the hostile job is ${summary.state}`]),
      ...((outputs?.files ?? 0) >= files ? [] : [`only ${outputs?.files ?? 0} files came home`]),
      ...(other.state === 'done' ? [] : [`the normal job is ${other.state}`]),
      ...(readFileSync(join(user.work, 'out-normal', 'result.txt'), 'utf8') === 'result\n'
        ? []
        : ['the normal result is wrong']),
    ]
    return problems.length === 0
      ? held(`${what}: ${facts}`)
      : broke(what, `${problems.join('; ')} (${facts})`)
  })
}

function rssMib(user: TestUser): number {
  const status = readFileSync(`/proc/${user.enginePid() ?? 'self'}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024
}
