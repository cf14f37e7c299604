import { contractVersion } from '../../../preload/contract/contract.ts'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ElectronApplication } from '@playwright/test'
import type { MachineAtWork } from '../../../preload/contract/overview.ts'
import { queuedJob, micros } from '../../support/fake-facts.ts'
import {
  connectedWindow,
  electronPath,
  endDesktop,
  expect,
  test,
} from '../../support/desktop/desktop-app.ts'
import {
  answerDialogs,
  clickTray,
  noteNotifications,
  noteTray,
  notifiedTitles,
  shownDialogs,
  trayLabels,
  windowState,
} from '../../support/desktop/in-main.ts'

const machine: MachineAtWork = {
  rentalId: 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz',
  machine: 'A100 · Sandbox, sim-north',
  jobId: queuedJob.id,
  jobName: 'train',
  microsPerHour: micros(800_000),
  simulated: true,
  stopsByItself: true,
  endsAt: null,
  because: 'The machine ends itself.',
  release: null,
}
const practice = {
  burnMicrosPerHour: micros(800_000),
  todayMicros: micros(400_000),
  monthMicros: micros(400_000),
}
const running = { ...queuedJob, state: 'running' as const, costMicros: micros(120_000) }
const atWork = { machines: [machine], activeJobs: 1, practice }

const closeWindow = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())

test('the page has no Node, no network and no way out', async ({ engine, launch }) => {
  expect(engine.calls).toEqual([])
  const app = await launch()
  const page = await connectedWindow(app)
  expect(page.url()).toMatch(/^app:\/\/sublet\//)
  const found = await page.evaluate(async () => {
    const refused = (work: Promise<unknown>) =>
      work.then(
        () => 'allowed',
        () => 'refused',
      )
    const image = (src: string) =>
      new Promise<string>((resolve) => {
        const one = new Image()
        one.addEventListener('load', () => resolve('allowed'))
        one.addEventListener('error', () => resolve('refused'))
        one.src = src
      })
    return {
      globals: ['require', 'process', 'Buffer', 'global'].filter((name) => name in window),
      own: await refused(fetch('app://sublet/index.html')),
      fetch: await refused(fetch('https://example.com/')),
      loopback: await refused(fetch('http://127.0.0.1:9/')),
      image: await image('https://example.com/a.png'),
      outside: await image('app://sublet/../package.json'),
      // A text for a timer is what the policy calls eval; refused, it does nothing.
      eval: await new Promise((resolve) => {
        window.addEventListener('securitypolicyviolation', () => resolve('refused'))
        Reflect.apply(setTimeout, window, ['document.title = "evaluated"'])
        setTimeout(() => resolve('allowed'), 2_000)
      }),
      opened: window.open('https://example.com/') === null ? 'null' : 'a window',
      geolocation: (await navigator.permissions.query({ name: 'geolocation' })).state,
      // Copy buttons may write the clipboard; nothing may read it.
      copy: (await navigator.permissions.query({ name: 'clipboard-write' as PermissionName }))
        .state,
      paste: (await navigator.permissions.query({ name: 'clipboard-read' as PermissionName }))
        .state,
      notification: await Notification.requestPermission(),
      native: Object.keys(window.sublet ?? {}).sort(),
    }
  })
  expect(found).toEqual({
    globals: [],
    own: 'refused',
    fetch: 'refused',
    loopback: 'refused',
    image: 'refused',
    outside: 'refused',
    eval: 'refused',
    opened: 'null',
    geolocation: 'denied',
    copy: 'granted',
    paste: 'denied',
    notification: 'denied',
    native: [
      'connect',
      'kind',
      'onNavigate',
      'openExternal',
      'openPath',
      'pathForFile',
      'pick',
      'platform',
      'reveal',
      'setTheme',
    ],
  })
  await page.evaluate(() => {
    window.location.href = 'https://example.com/'
  })
  expect(page.url()).toMatch(/^app:\/\/sublet\//)
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    // Not in the types; what the window really runs with.
    return (contents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  })
})

test('native calls open nothing that could run', async ({ engine, launch, home }) => {
  expect(engine.calls).toEqual([])
  const app = await launch()
  const page = await connectedWindow(app)
  await app.evaluate(({ shell }) => {
    globalThis.noted = { dialogs: [], menu: null, notifications: [] }
    const note = (what: string) => (path: string) => {
      globalThis.noted.notifications.push({ title: `${what} ${path}`, click: () => undefined })
    }
    shell.showItemInFolder = note('reveal')
    shell.openPath = async (path) => {
      note('open')(path)
      return ''
    }
    shell.openExternal = async (url) => note('external')(url)
  })
  const said = await page.evaluate(
    async ([folder, file]) => {
      const { sublet } = window
      if (sublet === undefined) return []
      const words: string[] = []
      const attempt = async (work: Promise<unknown>) => {
        words.push(
          await work.then(
            () => 'done',
            (error: Error) => error.message,
          ),
        )
      }
      await attempt(sublet.openPath(folder ?? ''))
      await attempt(sublet.openPath(file ?? ''))
      await attempt(sublet.openPath('/does/not/exist'))
      await attempt(sublet.openPath('package.json'))
      await attempt(sublet.openExternal('file:///etc/passwd'))
      await attempt(sublet.openExternal('https://evil.example/'))
      await attempt(sublet.openExternal('vscode://vscode-remote/ssh-remote+sublet-x/root'))
      return words
    },
    [home, electronPath() ?? ''],
  )
  expect(said).toEqual([
    'done',
    'done',
    '/does/not/exist is not there any more.',
    'A whole path is needed.',
    'Sublet opens only known sites and folders in VS Code.',
    'Sublet opens only known sites and folders in VS Code.',
    'done',
  ])
  expect(await notifiedTitles(app)).toEqual([
    `open ${home}`,
    `reveal ${electronPath()}`,
    'external vscode://vscode-remote/ssh-remote+sublet-x/root',
  ])
})

test('the page reaches the engine with the host’s variables, not its own', async ({
  engine,
  launch,
}) => {
  const app = await launch({ env: { SSH_AUTH_SOCK: '/run/agent' } })
  const page = await connectedWindow(app)
  await page.evaluate(async (version) => {
    const arrived = new Promise<MessagePort>((resolve) => {
      window.addEventListener('message', ({ ports: [port] }) => port && resolve(port))
    })
    await window.sublet?.connect()
    const port = await arrived
    const send = (frame: object) => port.postMessage({ kind: 'frame', frame })
    await new Promise<void>((resolve) => {
      port.addEventListener('message', ({ data }) => {
        if (data.frame.t === 'hello') {
          const input = { environment: { SSH_AUTH_SOCK: '/stolen', PATH: '/page' } }
          send({ t: 'call', id: 1, method: 'system.doctor', input })
        } else resolve()
      })
      port.start()
      send({ t: 'hello', version: '0.1.0', contractVersion: version, role: 'test' })
    })
  }, contractVersion)
  const [environment] = engine.environments
  expect(environment?.['SSH_AUTH_SOCK']).toBe('/run/agent')
  expect(environment?.['PATH']).not.toBe('/page')
})

test('the tray shows what runs, stops it and leads to pages', async ({ engine, launch }) => {
  const ended = {
    ...queuedJob,
    id: `${queuedJob.id.slice(0, -1)}1`,
    name: 'old',
    state: 'done' as const,
  }
  const app = await launch({ tray: true })
  const page = await connectedWindow(app)
  await noteTray(app)
  await answerDialogs(app, 0)
  engine.say(atWork, [ended, running])
  await expect.poll(() => trayLabels(app)).toContain('train: running, $0.12 so far')
  const labels = await trayLabels(app)
  expect(labels).toContain('Practice: $0.80/h (simulated)')
  expect(labels).toContain('Run again > old …')
  await clickTray(app, 'Stop, results first')
  await expect.poll(() => engine.calls.map(({ method }) => method)).toEqual(['jobs.stop'])
  await clickTray(app, 'Stop everything…')
  await expect
    .poll(() => engine.calls.map(({ method }) => method))
    .toEqual(['jobs.stop', 'jobs.stopAll'])
  expect((await shownDialogs(app))[0]?.message).toBe('Stop everything?')
  const routes = await page.evaluateHandle(() => {
    const seen: string[] = []
    window.addEventListener('hashchange', ({ newURL }) => seen.push(new URL(newURL).hash))
    return seen
  })
  await clickTray(app, 'old …')
  await expect.poll(() => routes.jsonValue()).toContain(`#/run?template=${ended.id}`)
  await clickTray(app, 'Open')
  await expect.poll(() => page.url()).toContain(`#/jobs/${running.id}`)
})

test('closing leaves the tray, says so once, and a second start shows the window', async ({
  engine,
  launch,
  home,
}) => {
  expect(engine.calls).toEqual([])
  const app = await launch({ tray: true })
  await connectedWindow(app)
  await noteTray(app)
  engine.say({ activeJobs: 1 })
  await expect.poll(() => trayLabels(app)).toContain('Stop everything…')
  await answerDialogs(app, 0)
  await closeWindow(app)
  await expect.poll(async () => (await windowState(app)).isVisible).toBe(false)
  await clickTray(app, 'Open Sublet')
  await expect.poll(async () => (await windowState(app)).isVisible).toBe(true)
  await closeWindow(app)
  await expect.poll(async () => (await windowState(app)).isVisible).toBe(false)
  expect((await shownDialogs(app)).map(({ message }) => message)).toEqual([
    'Sublet stays in the tray.',
  ])
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const second = spawn(electronPath() ?? '', ['--no-sandbox', root], {
    env: { ...process.env, SUBLET_HOME: home },
    stdio: 'ignore',
  })
  expect(await new Promise((resolve) => second.on('exit', resolve))).toBe(0)
  await expect.poll(async () => (await windowState(app)).isVisible).toBe(true)
})

test('the window comes back as it was left', async ({ engine, launch }) => {
  expect(engine.calls).toEqual([])
  const first = await launch()
  await connectedWindow(first)
  const wanted = { x: 40, y: 60, width: 1_010, height: 640 }
  await first.evaluate(({ BrowserWindow }, bounds) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(bounds)
  }, wanted)
  const left = (await windowState(first)).bounds
  const gone = new Promise((resolve) => first.process().once('exit', resolve))
  await closeWindow(first)
  await gone
  const second = await launch()
  await connectedWindow(second)
  expect((await windowState(second)).bounds).toEqual(left)
})

test('without a tray, leaving asks what is to become of the work', async ({ engine, launch }) => {
  const app = await launch()
  await connectedWindow(app)
  engine.say({ ...atWork, machines: [{ ...machine, stopsByItself: false, because: 'No lease.' }] })
  const page = await app.firstWindow()
  await page
    .getByText(/1 machine/)
    .first()
    .waitFor()
  await expect
    .poll(() => app.evaluate(({ powerSaveBlocker }) => powerSaveBlocker.isStarted(0)))
    .toBe(true)
  await answerDialogs(app, 2)
  await closeWindow(app)
  await expect.poll(async () => (await shownDialogs(app)).length).toBe(1)
  const [question] = await shownDialogs(app)
  expect(question?.buttons).toEqual(['Keep running and quit', 'Stop and release all', 'Cancel'])
  expect(question?.detail).toContain('1 job and 1 machine at $0.80/h go on')
  expect(question?.detail).toContain('train would NOT stop by itself')
  expect((await windowState(app)).isVisible).toBe(true)
  expect(engine.calls).toEqual([])
  await answerDialogs(app, 1)
  const gone = new Promise((resolve) => app.process().once('exit', resolve))
  await closeWindow(app)
  await gone
  expect(engine.calls.map(({ method }) => method)).toEqual(['jobs.stopAll'])
})

test('a notice is told once, and its click opens the page', async ({ engine, launch }) => {
  const app = await launch()
  const page = await connectedWindow(app)
  await noteNotifications(app)
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.hide()
  })
  const notice = {
    id: 'job-done:1',
    kind: 'job-done' as const,
    at: 1,
    jobId: running.id,
    title: 'train is done',
    sentence: 'It cost $0.12.',
    costMicros: micros(120_000),
    actions: ['open' as const],
  }
  engine.say({ notices: [notice] })
  await expect.poll(() => notifiedTitles(app)).toEqual(['train is done'])
  engine.say({ notices: [notice, { ...notice, id: 'job-done:2', title: 'second is done' }] })
  await expect.poll(() => notifiedTitles(app)).toEqual(['train is done', 'second is done'])
  await app.evaluate(() => globalThis.noted.notifications[0]?.click())
  await expect.poll(() => page.url()).toContain(`#/jobs/${running.id}`)
  await endDesktop(app.process())
  const again = await launch()
  await connectedWindow(again)
  await noteNotifications(again)
  engine.say({ notices: [notice] })
  expect(await notifiedTitles(again)).toEqual([])
})
