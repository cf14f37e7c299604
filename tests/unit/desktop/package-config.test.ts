import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const config = z
  .object({
    asar: z.literal(true),
    electronFuses: z.record(z.string(), z.boolean()),
    extraResources: z.array(z.object({ from: z.string(), to: z.string() })),
    files: z.array(z.string()),
  })
  .parse(parse(readFileSync(resolve(import.meta.dirname, '../../../electron-builder.yml'), 'utf8')))

test('a release decides every fuse that Electron has, on the safe side', () => {
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
    loadBrowserProcessSpecificV8Snapshot: false,
  })
})

test('a fuse that a newer Electron brings is looked at', () => {
  const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)))
  const decided = Object.keys(config.electronFuses).map((name) => name.replace(/^enable/, ''))
  const open = known.filter((fuse) => {
    const plain = fuse.replace(/^Enable/, '').toLowerCase()
    return !decided.some((name) => name.toLowerCase() === plain)
  })
  // Performance only, and not yet in electron-builder.
  expect(open.filter((fuse) => fuse !== 'WasmTrapHandlers')).toEqual([])
})

test('the engine travels with its own Node, outside of the archive', () => {
  expect(config.extraResources).toContainEqual({ from: 'node_modules/node/bin', to: 'node' })
  expect(config.extraResources).toContainEqual({ from: 'out/engine-package', to: 'engine' })
  expect(config.files).toContain('!node_modules/**')
})
