import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const folders = ['main', 'preload', 'sandbox-cloud']

/** What dependency-cruiser says about the folders in `cwd`, by this repository's rules. */
async function cruise(cwd: string, paths: readonly string[]): Promise<string> {
  const program = join(root, 'node_modules/.bin/depcruise')
  const config = join(root, '.dependency-cruiser.cjs')
  try {
    const { stdout } = await promisify(execFile)(
      program,
      ['--config', config, '--output-type', 'err', ...paths],
      { cwd },
    )
    return stdout
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout)
    throw error
  }
}

describe('the direction of imports', () => {
  it('is kept, and every source file is seen', async () => {
    const answer = await cruise(root, folders)
    expect(answer).toContain('no dependency violations found')
    const seen = Number(/\((\d+) modules/.exec(answer)?.[1] ?? 0)
    const sources = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.ts'),
      ),
    )
    expect(seen).toBeGreaterThanOrEqual(sources.length)
  })

  it.each([
    ['main/domain/planted.ts', 'main/jobs/runner.ts', 'domain-imports-contract'],
    ['preload/contract/planted.ts', 'main/domain/errors.ts', 'contract-imports-nothing'],
    ['sandbox-cloud/planted.ts', 'preload/contract/offer.ts', 'sandbox-cloud-stands-alone'],
    ['main/providers/x/planted.ts', 'main/jobs/keeper.ts', 'providers-import-domain'],
    ['main/transfer/planted.ts', 'main/machine/ssh/connect.ts', 'transfer-imports-domain'],
    ['main/cli/planted.ts', 'main/engine/services.ts', 'cli-is-a-thin-host'],
    ['main/serve/planted.ts', 'main/jobs/runner.ts', 'serve-is-a-thin-host'],
    ['main/desktop/planted.ts', 'main/engine/lock.ts', 'desktop-is-a-thin-host'],
    ['preload/planted.ts', 'preload/contract/job.ts', 'preload-imports-names-and-types'],
    ['main/domain/planted.ts', 'node:fs', 'domain-is-pure'],
    ['main/engine/planted.ts', 'npm:electron', 'only-the-desktop-imports-electron'],
  ])('is enforced: %s may not import %s', async (from, to, rule) => {
    const planted = mkdtempSync(join(tmpdir(), 'sublet-planted-'))
    try {
      const write = (path: string, text: string): void => {
        mkdirSync(dirname(join(planted, path)), { recursive: true })
        writeFileSync(join(planted, path), text)
      }
      const isOurs = !/^(node|npm):/.test(to)
      if (isOurs) write(to, 'export type Wanted = string\n')
      const up = '../'.repeat(from.split('/').length - 1)
      const specifier = isOurs ? `${up}${to}` : to.replace('npm:', '')
      write(from, `import type * as wanted from '${specifier}'\nexport type Mine = typeof wanted\n`)
      expect(await cruise(planted, [from.split('/')[0] ?? ''])).toContain(rule)
    } finally {
      rmSync(planted, { recursive: true, force: true })
    }
  })
})
