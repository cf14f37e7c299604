import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const scripts = [
  'supervisor/supervisor.sh',
  'supervisor/first-watchdog.sh',
  'host-key/host-key.sh',
].map((name) => ({
  name,
  path: fileURLToPath(new URL(`../../main/machine/${name}`, import.meta.url)),
}))

function have(program: string): boolean {
  if (spawnSync(program, ['--version']).error === undefined) return true
  process.stderr.write(`SKIPPED: needs ${program} (apt-get install ${program}).\n`)
  return false
}

describe.each(scripts)('$name', ({ path }) => {
  test.skipIf(!have('shellcheck'))('is clean by shellcheck, as POSIX sh', () => {
    expect(execFileSync('shellcheck', ['--shell=sh', path], { encoding: 'utf8' })).toBe('')
  })

  test.each(['dash', 'bash', 'busybox'])('parses under %s', (shell) => {
    if (spawnSync(shell, ['-c', ':']).error !== undefined) return
    const applet = shell === 'busybox' ? ['sh'] : []
    expect(spawnSync(shell, [...applet, '-n', path], { encoding: 'utf8' }).stderr).toBe('')
  })
})
