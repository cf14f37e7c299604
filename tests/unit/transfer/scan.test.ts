import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scanTree } from '../../../main/transfer/scan.ts'

describe('scanning what would travel', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sublet-scan-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  function put(path: string, content = 'x'): void {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const files = async (ignore: 'code' | 'data', path = root): Promise<string[]> => {
    const { manifest } = await scanTree(path, { ignore })
    return manifest.entries
      .filter(({ kind }) => kind === 'file')
      .map((entry) => entry.path)
      .sort()
  }

  it('follows nested ignore files for code, and lists what stays with its size', async () => {
    put('.gitignore', '*.ckpt\n/build/\n!keep.ckpt\n')
    put('.subletignore', 'notes/\n')
    put('sub/.gitignore', 'local.txt\n!special.ckpt\n')
    for (const path of [
      'train.py',
      'a.ckpt',
      'keep.ckpt',
      'build/x',
      'sub/build/y',
      'notes/n',
      'sub/local.txt',
      'sub/special.ckpt',
    ])
      put(path)
    for (const path of [
      '.git/HEAD',
      '.env',
      '.env.local',
      'node_modules/m',
      '.venv/v',
      '__pycache__/p.pyc',
      'sub/.env',
    ])
      put(path, '12345')
    expect(await files('code')).toEqual([
      '.gitignore',
      '.subletignore',
      'keep.ckpt',
      'sub/.gitignore',
      'sub/build/y',
      'sub/special.ckpt',
      'train.py',
    ])
    const { excluded } = await scanTree(root, { ignore: 'code' })
    const sizes = Object.fromEntries(excluded.map(({ path, bytes }) => [path, bytes]))
    expect(sizes).toMatchObject({
      '.git': 5,
      node_modules: 5,
      '.env': 5,
      'a.ckpt': 1,
      build: 1,
      'sub/local.txt': 1,
    })
    expect(excluded.find(({ path }) => (path as string) === 'a.ckpt')?.why).toBe(
      '.gitignore: *.ckpt',
    )
  })

  it('sends named data whatever .gitignore says, but never .env', async () => {
    put('.gitignore', '*')
    put('.subletignore', 'raw/\n')
    for (const path of [
      'data.csv',
      'raw/huge',
      'node_modules/m',
      '.env',
      'sub/.subletignore',
      'sub/x',
    ])
      put(path)
    expect(await files('data')).toEqual([
      '.gitignore',
      '.subletignore',
      'data.csv',
      'node_modules/m',
      'sub/.subletignore',
      'sub/x',
    ])
  })

  it('takes a single file, and refuses .env by name with a warning', async () => {
    put('one.csv')
    put('.env')
    expect(await files('data', join(root, 'one.csv'))).toEqual(['one.csv'])
    const { manifest, warnings } = await scanTree(join(root, '.env'), { ignore: 'data' })
    expect(manifest.entries).toEqual([])
    expect(warnings[0]?.sentence).toContain('never leaves this computer')
  })

  it('resolves a root that is a link, and warns of what cannot go', async () => {
    put('real/file')
    put('real/secret')
    symlinkSync(join(root, 'real'), join(root, 'alias'))
    symlinkSync('../outside', join(root, 'real', 'out'))
    chmodSync(join(root, 'real', 'secret'), 0)
    const { manifest, warnings } = await scanTree(join(root, 'alias'), { ignore: 'data' })
    expect(manifest.root).toBe(join(root, 'real'))
    const names = warnings.map(({ path }) => path as string).sort()
    // Root may read everything, so only others see the unreadable file named.
    expect(names).toEqual(process.getuid?.() === 0 ? ['out'] : ['out', 'secret'])
  })
})
