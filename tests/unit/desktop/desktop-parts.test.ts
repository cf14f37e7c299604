import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Notice } from '../../../preload/contract/overview.ts'
import { notificationKinds } from '../../../preload/contract/settings/notifications.ts'
import { isAllowedAddress } from '../../../main/desktop/allowed-address.ts'
import { engineProgram } from '../../../main/desktop/engine-program.ts'
import { newNotices, noticeButtons, noticeRoute } from '../../../main/desktop/notice-words.ts'
import { isOwnAddress, isOwnBlob, isOwnFrame } from '../../../main/desktop/own-page.ts'
import { Remembered } from '../../../main/desktop/remembered.ts'
import { placeWindow } from '../../../main/desktop/window-place.ts'
import { findElectron } from '../../../main/start/electron-runtime.ts'
import { hasDisplay } from '../../../main/serve/open-browser.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-parts-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const screens = [{ x: 0, y: 0, width: 1_920, height: 1_080 }]

test.each([
  [
    'as it was left',
    { x: 100, y: 50, width: 1_200, height: 700 },
    { x: 100, y: 50, width: 1_200, height: 700 },
  ],
  [
    'on a screen that is gone',
    { x: 4_000, y: 50, width: 1_200, height: 700 },
    { width: 1_200, height: 700 },
  ],
  ['above the screen', { x: 0, y: -500, width: 1_200, height: 700 }, { width: 1_200, height: 700 }],
  ['too small', { x: 0, y: 0, width: 10, height: 10 }, { width: 900, height: 600 }],
  [
    'larger than the screen',
    { x: 0, y: 0, width: 4_000, height: 3_000 },
    { x: 0, y: 0, width: 1_920, height: 1_080 },
  ],
])('the window goes where it can be used: %s', (_what, bounds, place) => {
  expect(placeWindow({ bounds, isMaximised: false }, screens)).toEqual(place)
})

test('the first window has the usual size', () => {
  expect(placeWindow({ bounds: null, isMaximised: false }, screens)).toEqual({
    width: 1_280,
    height: 800,
  })
})

test.each([
  ['https://console.runpod.io/user/settings', true],
  ['https://github.com/x', true],
  ['https://github.com.evil.example/', false],
  ['https://user@github.com/', false],
  ['https://github.com:8443/', false],
  ['http://github.com/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['vscode://vscode-remote/ssh-remote+sublet-1/home/ada', true],
  ['vscode:extension/evil.evil', false],
  ['vscode://file/etc/passwd', false],
  ['vscode://vscode-remote/ssh-remote+x/../y', false],
  ['nonsense', false],
])('may the system open %s: %s', (address, expected) => {
  expect(isAllowedAddress(address)).toBe(expected)
})

test('only the top frame of the own page is answered', () => {
  expect(isOwnFrame({ url: 'app://sublet/#/run', parent: null })).toBe(true)
  expect(isOwnFrame({ url: 'app://sublet/', parent: {} })).toBe(false)
  expect(isOwnFrame({ url: 'app://other/', parent: null })).toBe(false)
  expect(isOwnFrame({ url: 'https://sublet/', parent: null })).toBe(false)
  expect(isOwnFrame({ url: '', parent: null })).toBe(false)
  expect(isOwnFrame(null)).toBe(false)
  expect(isOwnAddress('app://sublet.evil/')).toBe(false)
  expect(isOwnBlob('blob:app://sublet/1-2')).toBe(true)
  expect(isOwnBlob('blob:https://evil.example/1')).toBe(false)
})

const notice = (id: string, changed: Partial<Notice> = {}): Notice => ({
  id,
  kind: 'gpu-idle',
  at: Number(id),
  jobId: 'job-1',
  title: id,
  sentence: id,
  costMicros: null,
  actions: ['open'],
  ...changed,
})

test('each notice is told once, oldest first, and only when it is wanted', () => {
  const all = [notice('3'), notice('2', { kind: 'job-done' }), notice('1')]
  expect(newNotices(all, new Set(['1']), notificationKinds).map(({ id }) => id)).toEqual(['2', '3'])
  expect(newNotices(all, new Set(), ['gpu-idle']).map(({ id }) => id)).toEqual(['1', '3'])
})

test('a notice leads to its page and offers to stop only what runs', () => {
  expect(noticeRoute(notice('1'))).toBe('/jobs/job-1')
  expect(noticeRoute(notice('1', { jobId: null, kind: 'budget-near' }))).toBe('/spend')
  expect(noticeRoute(notice('1', { jobId: null }))).toBe('/jobs')
  const long = notice('1', { actions: ['stop', 'keep', 'open'] })
  expect(noticeButtons(long).map(({ label }) => label)).toEqual([
    'Stop the job',
    'Keep running',
    'Show',
  ])
  expect(noticeButtons(notice('1')).map(({ does }) => does)).toEqual(['open'])
  expect(noticeButtons({ ...long, jobId: null }).map(({ does }) => does)).toEqual(['open'])
})

test('what the app remembers survives a restart and a broken file', () => {
  const file = join(folder, 'a', 'window.json')
  const first = new Remembered(file)
  expect(first.values).toMatchObject({ bounds: null, theme: 'system', knowsTray: false })
  const bounds = { x: 1, y: 2, width: 1_000, height: 700 }
  first.keep({ bounds, toldNotices: Array.from({ length: 600 }, (_, n) => String(n)) })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const second = new Remembered(file)
  expect(second.values.bounds).toEqual(bounds)
  expect(second.values.toldNotices).toHaveLength(500)
  expect(second.values.toldNotices.at(-1)).toBe('599')
  writeFileSync(file, '{"bounds":"wide","theme":"dark"')
  expect(new Remembered(file).values.theme).toBe('system')
  writeFileSync(file, '{"bounds":"wide","theme":"dark"}')
  expect(new Remembered(file).values).toMatchObject({ bounds: null, theme: 'dark' })
})

test('the engine runs on the Node that comes along, never on Electron', () => {
  const root = resolve(import.meta.dirname, '../../..')
  const program = engineProgram(root, '/resources', false)
  expect(program.entry).toBe(join(root, 'main', 'engine.ts'))
  expect(program.node).toContain(join('node_modules', 'node', 'bin'))
  expect(() => engineProgram(folder, folder, true)).toThrow(/lacks .*node; install it again/)
  expect(() => engineProgram(folder, folder, false)).toThrow(/npm ci/)
})

test('a runtime and a display are looked for where they can be', () => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: folder }
  expect(findElectron('/nowhere', env, 'linux')).toBeNull()
  writeFileSync(join(folder, 'electron'), '')
  expect(findElectron('/nowhere', env, 'linux')).toBe(join(folder, 'electron'))
  expect(findElectron('/nowhere', {}, 'linux')).toBeNull()
  expect(hasDisplay({}, 'linux')).toBe(false)
  expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false)
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true)
  expect(hasDisplay({}, 'darwin')).toBe(true)
})

test('the preload stays small and is given no schema', () => {
  const text = readFileSync(resolve(import.meta.dirname, '../../../preload/index.ts'), 'utf8')
  expect(text.split('\n').length).toBeLessThan(40)
  const imports = text.split('\n').filter((line) => line.startsWith('import'))
  expect(imports).toEqual([
    "import { contextBridge, ipcRenderer, webUtils } from 'electron'",
    "import type { NativeApi } from './api.ts'",
    "import { channels } from './channels.ts'",
  ])
})
