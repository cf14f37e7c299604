import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'

const child = fileURLToPath(new URL('../support/vault-child.ts', import.meta.url))
const installed = ['/usr/bin/dbus-run-session', '/usr/bin/gnome-keyring-daemon'].every((path) =>
  existsSync(path),
)
if (!installed) {
  process.stderr.write('Skipped: the keychain tests need the packages dbus and gnome-keyring.\n')
}

const answerSchema = z.object({
  state: z.object({ kind: z.string(), sentence: z.string() }),
  value: z.string().nullable(),
  after: z.string().nullable(),
  names: z.array(z.object({ account: z.string(), keptIn: z.string() })),
})

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sublet-keychain-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** Runs shell lines on a D-Bus of their own; HOME and the runtime folder are the test's. */
function onPrivateBus(script: string): string {
  const result = spawnSync('dbus-run-session', ['--', 'sh', '-ec', script], {
    encoding: 'utf8',
    timeout: 50_000,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      XDG_RUNTIME_DIR: dir,
      XDG_DATA_HOME: join(dir, 'data'),
      NODE: process.execPath,
      CHILD: child,
      DB: join(dir, 'test.db'),
    },
  })
  if (result.status !== 0) throw new Error(`${result.stdout}\n${result.stderr}`)
  return result.stdout
}

function answers(stdout: string) {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => answerSchema.parse(JSON.parse(line)))
}

const unlock = `printf 'test password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1`

describe.runIf(installed)('a real keychain', () => {
  it('keeps a secret for the next process, until it is deleted', () => {
    const [written, read, deleted] = answers(
      onPrivateBus(`${unlock}
        for what in write read delete; do "$NODE" "$CHILD" "$DB" "$what"; done`),
    )
    expect(written?.state).toMatchObject({ kind: 'keychain' })
    expect(read?.value).toBe('planted-välue\n"2"')
    expect(read?.names).toEqual([{ account: 'HF_TOKEN', keptIn: 'keychain' }])
    expect(deleted).toMatchObject({ value: 'planted-välue\n"2"', after: null, names: [] })
    for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.db') || name.endsWith('-wal')) {
        expect(readFileSync(join(dir, name)).includes('planted')).toBe(false)
      }
    }
  })

  it('survives a restart of the keychain itself', () => {
    const first = answers(onPrivateBus(`${unlock}\n"$NODE" "$CHILD" "$DB" write`))
    expect(first[0]?.value).toBe('planted-välue\n"2"')
    const second = answers(onPrivateBus(`${unlock}\n"$NODE" "$CHILD" "$DB" read`))
    expect(second[0]?.value).toBe('planted-välue\n"2"')
  })

  it('that is locked and cannot ask does not hang: this session’s memory, with a sentence', () => {
    onPrivateBus(`${unlock}\n"$NODE" "$CHILD" "$DB" read`)
    const [answer] = answers(
      onPrivateBus(`gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1
        "$NODE" "$CHILD" "$DB" locked`),
    )
    expect(answer?.state).toMatchObject({
      kind: 'session',
      sentence: expect.stringMatching(/memory only/),
    })
  })
})

describe.runIf(process.platform === 'linux')('without any D-Bus', () => {
  it('keeps secrets in memory only and says so', () => {
    const result = spawnSync(process.execPath, [child, join(dir, 'test.db'), 'write'], {
      encoding: 'utf8',
      env: { HOME: dir, XDG_RUNTIME_DIR: dir },
    })
    const [answer] = answers(result.stdout)
    expect(answer).toMatchObject({
      state: { kind: 'session', sentence: expect.stringMatching(/memory only and are gone/) },
      value: 'planted-välue\n"2"',
      names: [{ account: 'HF_TOKEN', keptIn: 'session' }],
    })
    const next = spawnSync(process.execPath, [child, join(dir, 'test.db'), 'read'], {
      encoding: 'utf8',
      env: { HOME: dir, XDG_RUNTIME_DIR: dir },
    })
    expect(answers(next.stdout)[0]).toMatchObject({ value: null, names: [] })
  })
})
