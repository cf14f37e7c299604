import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FrozenEntry } from '../../../main/transfer/frozen.ts'
import { frozenFromJson, frozenToJson } from '../../../main/transfer/frozen.ts'
import { pathFromBuffer, pathFromText, type PathBytes } from '../../../main/transfer/path-bytes.ts'
import { planSend } from '../../../main/transfer/plan.ts'
import type { RemoteListing } from '../../../main/transfer/remote-list.ts'
import type { RemoteEntry } from '../../../main/transfer/remote-stat.ts'

function listing(entries: readonly RemoteEntry[], unfinished = false): RemoteListing {
  return {
    exists: true,
    entries: new Map(entries.map((entry) => [entry.path, entry])),
    nowS: 0,
    freeBytes: Infinity,
    unfinished,
    hasGzip: false,
    roundTripMs: 0,
    warnings: [],
  }
}

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e').map(pathFromText)
const mode = fc.constantFrom(0o644, 0o755)
const time = fc.constantFrom(1_000, 2_000, 3_500)
const entry: fc.Arbitrary<FrozenEntry> = fc.oneof(
  fc.record({
    path: name,
    kind: fc.constant('file' as const),
    size: fc.integer({ min: 0, max: 2 }),
    mode,
    mtimeMs: time,
    sha256: fc.constant('0'.repeat(64)),
    source: fc.constant('blob' as const),
  }),
  fc.record({ path: name, kind: fc.constant('dir' as const), mode, mtimeMs: time }),
  fc.record({
    path: name,
    kind: fc.constant('symlink' as const),
    target: name,
    mode,
    mtimeMs: time,
  }),
)
const remote: fc.Arbitrary<RemoteEntry> = fc.record({
  path: name,
  kind: fc.constantFrom('file' as const, 'dir' as const, 'other' as const),
  size: fc.integer({ min: 0, max: 2 }),
  mode,
  mtimeS: fc.constantFrom(1, 2, 3),
  ctimeS: fc.constant(9),
})
const byPath = { selector: (each: { readonly path: PathBytes }) => each.path }

describe('the plan of what to send', () => {
  it('accounts for every file once, trusts only equal size, time and mode, and clears the way', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, byPath),
        fc.uniqueArray(remote, byPath),
        fc.boolean(),
        fc.boolean(),
        (entries, there, exact, unfinished) => {
          const plan = planSend(entries, listing(there, unfinished), exact)
          const files = entries.filter(({ kind }) => kind === 'file').map(({ path }) => path)
          const planned = [...plan.files, ...plan.compare, ...plan.unchanged].map(
            ({ path }) => path,
          )
          expect(planned.sort()).toEqual([...files].sort())
          if (unfinished) expect(plan.unchanged).toEqual([])
          const known = new Map(there.map((each) => [each.path, each]))
          for (const file of plan.unchanged) {
            expect(known.get(file.path)).toMatchObject({
              kind: 'file',
              size: file.size,
              mtimeS: Math.floor(file.mtimeMs / 1000),
              mode: file.mode,
            })
          }
          const wanted = new Map(entries.map((each) => [each.path, each.kind]))
          for (const each of there) {
            const kind = wanted.get(each.path)
            const inTheWay = kind === undefined ? exact : kind !== each.kind
            expect(plan.remove.includes(each.path)).toBe(inTheWay)
          }
        },
      ),
    )
  })

  it('removes an extra folder once, not its content again', () => {
    const base = { size: 0, mode: 0o755, mtimeS: 1, ctimeS: 1 }
    const there = ['x', 'x/y', 'x-z'].map((path) => ({
      ...base,
      path: pathFromText(path),
      kind: path === 'x' ? ('dir' as const) : ('file' as const),
    }))
    expect(planSend([], listing(there), true).remove).toEqual(['x', 'x-z'])
  })
})

describe('a frozen manifest', () => {
  it('survives JSON with any bytes in its names', () => {
    const path = fc.uint8Array({ minLength: 1 }).map(pathFromBuffer)
    const entries = fc.array(
      fc.oneof(
        entry,
        fc.record({
          path,
          kind: fc.constant('symlink' as const),
          target: path,
          mode,
          mtimeMs: time,
        }),
      ),
    )
    fc.assert(
      fc.property(entries, (some) => {
        const frozen = { version: 1 as const, root: '/r', store: '/s', entries: some }
        expect(frozenFromJson(frozenToJson(frozen))).toEqual(frozen)
      }),
    )
  })

  it('shows readable names as they are', () => {
    const frozen = {
      version: 1 as const,
      root: '/r',
      store: '/s',
      entries: [{ kind: 'dir' as const, path: pathFromText('café'), mode: 0o755, mtimeMs: 0 }],
    }
    expect(frozenToJson(frozen)).toContain('café')
  })
})
