import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(
  new URL('../../main/machine/supervisor/supervisor.sh', import.meta.url),
)

function have(program: string): boolean {
  if (spawnSync(program, ['--version']).error === undefined) return true
  process.stderr.write(`SKIPPED: needs ${program} (apt-get install ${program}).\n`)
  return false
}

test.skipIf(!have('shellcheck'))('the supervisor is clean by shellcheck, as POSIX sh', () => {
  expect(execFileSync('shellcheck', ['--shell=sh', script], { encoding: 'utf8' })).toBe('')
})

test.each(['dash', 'bash', 'busybox'])('the supervisor parses under %s', (shell) => {
  if (spawnSync(shell, ['-c', ':']).error !== undefined) return
  const applet = shell === 'busybox' ? ['sh'] : []
  expect(spawnSync(shell, [...applet, '-n', script], { encoding: 'utf8' }).stderr).toBe('')
})
