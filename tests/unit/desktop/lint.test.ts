import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-lint-'))
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What the linter says of a file at this place, by this repository's rules. */
function lint(path: string, text: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
  const program = join(root, 'node_modules', '.bin', 'oxlint')
  return spawnSync(program, [path], { cwd: folder, encoding: 'utf8' }).stdout
}

test.each([
  ['main/desktop/planted.ts', "import { ipcMain } from 'electron'\nipcMain.on('x', String)\n"],
  ['main/index.ts', "import { app, ipcMain } from 'electron'\nipcMain.on('x', () => app.quit())\n"],
  [
    'main/desktop/planted.ts',
    "import electron from 'electron'\nelectron.ipcMain.on('x', String)\n",
  ],
  ['main/desktop/planted.ts', "import * as electron from 'electron'\nelectron.app.quit()\n"],
  ['preload/planted.ts', "import { ipcRenderer } from 'electron'\nipcRenderer.send('x')\n"],
])('raw messages between processes are refused elsewhere: %s', (path, text) => {
  expect(lint(path, text)).toContain('no-restricted-imports')
})

test('they stand in the two places that check them', () => {
  const main = "import { ipcMain } from 'electron'\nipcMain.on('x', String)\n"
  expect(lint('main/desktop/ipc.ts', main)).not.toContain('no-restricted-imports')
  const preload = "import { ipcRenderer } from 'electron'\nipcRenderer.send('x')\n"
  expect(lint('preload/index.ts', preload)).not.toContain('no-restricted-imports')
})
