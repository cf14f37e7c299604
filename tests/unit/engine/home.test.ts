import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureHomeId, homeAt, homeDirectory, prepareHome } from '../../../main/engine/home.ts'
import { compareVersions, subletVersion } from '../../../main/engine/version.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sublet-home-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('the home', () => {
  it.each([
    [{ SUBLET_HOME: '/x/y' }, 'linux', '/x/y'],
    [{}, 'linux', '/u/.local/share/sublet'],
    [{ XDG_DATA_HOME: '/data' }, 'linux', '/data/sublet'],
    [{ XDG_DATA_HOME: 'relative' }, 'linux', '/u/.local/share/sublet'],
    [{}, 'darwin', '/u/Library/Application Support/Sublet'],
    [{ APPDATA: '/u/Roaming' }, 'win32', '/u/Roaming/Sublet'],
  ] as const)('with %j on %s is %s', (environment, platform, expected) => {
    expect(homeDirectory(environment, platform, '/u')).toBe(expected)
  })

  it('is made for its user only, with an id that stays', () => {
    const home = homeAt(join(dir, 'new', 'home'))
    prepareHome(home)
    expect(statSync(home.dir).mode & 0o777).toBe(0o700)
    const id = ensureHomeId(home)
    expect(id).toMatch(/^[0-9a-z]{26}$/)
    expect(ensureHomeId(home)).toBe(id)
    expect(statSync(home.homeIdFile).mode & 0o777).toBe(0o600)
  })
})

describe('versions', () => {
  it('are ordered by number, not by text', () => {
    expect(compareVersions('1.10.0', '1.9.3')).toBeGreaterThan(0)
    expect(compareVersions('1.2', '1.2.0')).toBe(0)
    expect(compareVersions('0.9.9', '1.0.0')).toBeLessThan(0)
    expect(subletVersion()).toMatch(/^\d+\.\d+\.\d+/)
  })
})
