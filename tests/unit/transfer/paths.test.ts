import { resolve, sep } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapLocalNames, nameRulesOf } from '../../../main/transfer/local-names.ts'
import {
  isSafePath,
  localPath,
  pathFromBuffer,
  pathFromText,
  pathToBuffer,
  showPath,
  type PathBytes,
} from '../../../main/transfer/path-bytes.ts'
import { linkStaysInside } from '../../../main/transfer/safe-link.ts'

const part = fc.constantFrom('..', '.', '', 'a', 'b', 'é', '/', '\\', 'C:', '\0', ' ')
const wild = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'))

describe('paths as bytes', () => {
  it('keeps every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...pathToBuffer(pathFromBuffer(bytes))]).toEqual([...bytes])
      }),
    )
  })

  it('never leaves the folder when it calls a path safe', () => {
    fc.assert(
      fc.property(wild, (text) => {
        const path = pathFromText(text)
        if (!isSafePath(path)) return
        const place = resolve(localPath('/base/folder', path).toString())
        expect(place.startsWith(`/base/folder${sep}`)).toBe(true)
      }),
    )
  })

  it('shows control characters as escapes', () => {
    expect(showPath(pathFromText('a\u001b[31m\nb'))).toBe('a\\x1b[31m\\x0ab')
    expect(showPath('caf\u00c3\u00a9' as PathBytes)).toBe('café')
  })
})

describe('links', () => {
  it('accepts only targets that resolve inside the tree', () => {
    fc.assert(
      fc.property(
        wild.filter((path) => isSafePath(pathFromText(path))),
        wild,
        (path, target) => {
          if (!linkStaysInside(pathFromText(path), pathFromText(target))) return
          const place = resolve('/base/folder', path, '..', target)
          expect(place === '/base/folder' || place.startsWith('/base/folder/')).toBe(true)
        },
      ),
    )
  })

  it.each([
    ['a/b/link', '../../x', true],
    ['link', 'a/b', true],
    ['link', '../x', false],
    ['link', '/etc/passwd', false],
    ['deep/link', 'through/../../..', false],
    ['a/b/c/link', 'other/..', false],
    ['link', '', false],
  ])('%s -> %s: %s', (path, target, inside) => {
    expect(linkStaysInside(pathFromText(path), pathFromText(target))).toBe(inside)
  })
})

describe('local names', () => {
  const windows = nameRulesOf('win32')
  const mac = nameRulesOf('darwin')

  it('gives every path a name of its own that the system can hold', () => {
    const name = fc
      .uint8Array({ minLength: 1, maxLength: 8 })
      .map((bytes) =>
        pathFromBuffer(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte))),
      )
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 12 }),
        fc.constantFrom(windows, mac),
        (paths, rules) => {
          const names = [...mapLocalNames(paths, rules).values()]
          const folded = names.map((each) =>
            pathToBuffer(each).toString('utf8').normalize('NFC').toLowerCase(),
          )
          expect(new Set(rules.foldUnicode ? folded : names).size).toBe(names.length)
          if (rules.windows) for (const each of names) expect(each).not.toMatch(/[<>:"|?*\\]|[. ]$/)
        },
      ),
    )
  })

  it('escapes and numbers where it must, and only there', () => {
    const of = (paths: readonly string[], rules: typeof windows): string[] =>
      [...mapLocalNames(paths.map(pathFromText), rules).values()].map((path) =>
        pathToBuffer(path).toString('utf8'),
      )
    expect(of(['a:b', 'con.txt', 'dot.', 'fine'], windows)).toEqual([
      'a%3Ab',
      '_con.txt',
      'dot%2E',
      'fine',
    ])
    expect(of(['Loss.csv', 'loss.csv'], mac)).toEqual(['Loss.csv', 'loss.csv~2'])
    expect(of(['A/x', 'a/x'], mac)).toEqual(['A/x', 'a~2/x'])
    expect(of(['caf\u00e9', 'cafe\u0301'], mac)).toEqual(['cafe\u0301', 'caf\u00e9~2'])
    const bytes = 'b\u00ff' as PathBytes
    expect(mapLocalNames([bytes], mac).get(bytes)).toBe('b%FF')
    expect(mapLocalNames([bytes], nameRulesOf('linux')).get(bytes)).toBe(bytes)
  })
})
