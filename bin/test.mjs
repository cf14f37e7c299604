#!/usr/bin/env node
// Every test: vitest, then Playwright in Chromium and Electron. Ends with a line that counts them.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import url from 'node:url'

const root = path.resolve(path.dirname(url.fileURLToPath(import.meta.url)), '..')
const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'sublet-reports-'))
const at = (name) => path.join(reports, name)
const total = { passed: 0, failed: 0, skipped: 0 }
let status = 0
try {
  status = vitest() || status
  status = playwright() || status
} finally {
  fs.rmSync(reports, { recursive: true, force: true })
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = status

function vitest() {
  const json = at('vitest.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${json}`]
  const code = run([bin('vitest/vitest.mjs'), 'run', ...reporters])
  const report = read(json)
  total.passed += report?.numPassedTests ?? 0
  total.failed += report?.numFailedTests ?? 0
  total.skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
  return code
}

function playwright() {
  const json = at('playwright.json')
  const display = displayFor()
  if (display.sentence !== null) console.log(display.sentence)
  const code = run(
    [bin('@playwright/test/cli.js'), 'test', '--reporter=list,json', ...display.only],
    { PLAYWRIGHT_JSON_OUTPUT_NAME: json },
    display.before,
  )
  const stats = read(json)?.stats
  total.passed += (stats?.expected ?? 0) + (stats?.flaky ?? 0)
  total.failed += stats?.unexpected ?? 0
  total.skipped += stats?.skipped ?? 0
  return code
}

/** Electron needs a display, and on Linux a virtual one will do. */
function displayFor() {
  const has = process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.platform !== 'linux'
  const both = ['--project=browser', '--project=desktop']
  if (has) return { before: [], only: both, sentence: null }
  const found = spawnSync('xvfb-run', ['--help'], { stdio: 'ignore' }).error === undefined
  if (found) return { before: ['xvfb-run', '-a'], only: both, sentence: null }
  const sentence =
    'SKIPPED: the tests in Electron need a display (apt-get install xvfb xauth); Chromium needs none.'
  return { before: [], only: ['--project=browser'], sentence }
}

function run(args, env = {}, before = []) {
  const [program, ...rest] = [...before, process.execPath, ...args]
  const { status, signal } = spawnSync(program, rest, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  return status ?? (signal === null ? 1 : 128)
}

function bin(file) {
  return path.join(root, 'node_modules', file)
}

function read(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null
}
