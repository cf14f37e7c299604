import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { testUser, type TestUser } from '../support/cli.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const parts = ['bin', 'main', 'preload', 'sandbox-cloud', 'resources', 'examples', 'package.json']
const longestMs = 60_000

let user: TestUser

beforeEach(async () => {
  user = await testUser()
})
afterEach(async () => await user.stop())

it('runs the demo from a copy of the clone and leaves nothing behind', async () => {
  const clone = join(user.base, 'clone')
  await mkdir(clone)
  for (const part of parts) {
    await cp(join(root, part), join(clone, part), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'))
  const { scripts } = JSON.parse(await readFile(join(clone, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  expect(scripts['demo']).toBe('node bin/sublet.mjs demo')
  const beganAt = performance.now()

  const { exitCode, stdout, stderr } = await user.run(['demo'], {
    launcher: join(clone, 'bin', 'sublet.mjs'),
    cwd: clone,
  })

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(performance.now() - beganAt).toBeLessThan(longestMs)
  expect(stdout).toMatch(/^Gone: confirmed by Sandbox \(simulated\) at .*billed.*\$0\.\d+/m)
  expect(stdout).toMatch(/^Cost \$0\.\d+ \(simulated\); estimated \$0\.\d+/m)
  expect(stdout).toMatch(/every one verified/)
  expect(stdout).toContain('the practice cloud counts no machine')
  expect(await readdir(join(clone, 'sublet-output', 'demo'))).toContain('model.json')
  // The demo's own home was in the temporary folder, which is the user's base here.
  expect((await readdir(user.base)).filter((name) => name.startsWith('sublet-demo'))).toEqual([])
  expect(user.enginePid()).toBeNull()
  await user.quiet()
}, 90_000)
