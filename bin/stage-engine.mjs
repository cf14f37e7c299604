#!/usr/bin/env node
// Puts what the packed app's engine needs into out/engine-package: its compiled code (npm run
// build) and the packages that it uses at run time, without anything for development.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import url from 'node:url'

const root = path.resolve(path.dirname(url.fileURLToPath(import.meta.url)), '..')
const target = path.join(root, 'out', 'engine-package')
const parts = [
  'package.json',
  'LICENSE',
  'docs/THIRD-PARTY.md',
  'resources',
  'examples',
  'bin/sublet.mjs',
]
const built = ['out/main', 'out/preload', 'out/sandbox-cloud']

fs.rmSync(target, { recursive: true, force: true })
for (const part of [...parts, ...built]) copy(part)
const listed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
  cwd: root,
  encoding: 'utf8',
  shell: process.platform === 'win32',
})
for (const folder of listed.split('\n')) {
  const relative = path.relative(root, folder)
  // Folders below another package come along with it.
  if (/^node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+$/.test(relative)) copy(relative)
}

function copy(part) {
  fs.cpSync(path.join(root, part), path.join(target, part), { recursive: true, dereference: true })
}
