import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sandboxEntry } from '../../../main/providers/sandbox/entry.ts'

it("finds the sandbox's program in the clone", () => {
  expect(sandboxEntry()).toMatch(/sandbox-cloud[/\\]index\.ts$/)
  expect(existsSync(sandboxEntry())).toBe(true)
})

it('finds it as JavaScript in a build', () => {
  const asking = 'file:///app/out/main/providers/sandbox/entry.js'
  expect(sandboxEntry(asking).replaceAll('\\', '/')).toMatch(
    /\/app\/out\/sandbox-cloud\/index\.js$/,
  )
})
