import path from 'node:path'
import { app, dialog, session } from 'electron'
import { toSubletError } from './domain/errors.ts'
import { setAppMenu } from './desktop/app-menu.ts'
import { declareAppScheme, serveAppFiles } from './desktop/app-protocol.ts'
import { saveOwnDownloads } from './desktop/downloads.ts'
import { EngineFollow } from './desktop/engine-follow.ts'
import { engineProgram } from './desktop/engine-program.ts'
import { hardenContents, hardenSession } from './desktop/harden.ts'
import { KeepAwake } from './desktop/keep-awake.ts'
import { Leaving } from './desktop/leaving.ts'
import { MainWindow } from './desktop/main-window.ts'
import { answerNativeCalls } from './desktop/native-answers.ts'
import { NoticeReader } from './desktop/notifications.ts'
import { Remembered } from './desktop/remembered.ts'
import { runTrayAction } from './desktop/run-tray-action.ts'
import { hasSystemTray } from './desktop/system-tray.ts'
import { tellAboutTray } from './desktop/tell-about-tray.ts'
import { AppTray } from './desktop/tray.ts'
import { connectEngine } from './engine/connect.ts'
import type { ConnectOptions } from './engine/connect.ts'
import { homeDirectory } from './engine/home.ts'
import { packageRoot } from './engine/package-root.ts'
import { relayRenderer } from './engine/relay-renderer.ts'
import { subletVersion } from './engine/version.ts'

// The desktop host: one window, a tray, and the engine of the home behind both.
const home = homeDirectory()
const root = packageRoot()
/** An engine that starts says what runs within it; a user who quits waits no longer. */
const firstWordMs = 5_000
const icons = path.join(root, 'resources', 'icons')
app.setName('Sublet')
app.setPath('userData', path.join(home, 'desktop'))
// Root cannot have Chromium's sandbox; `npm start` says so and asks for this.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
declareAppScheme()
hardenContents()

const engineOptions = (): ConnectOptions => ({
  home,
  clientVersion: subletVersion(),
  role: 'desktop',
  startIfAbsent: true,
  program: engineProgram(root, process.resourcesPath, app.isPackaged),
})

function run(): void {
  const remembered = new Remembered(path.join(app.getPath('userData'), 'window.json'))
  const keepAwake = new KeepAwake()
  let tray: AppTray | null = null
  let lookedAt = Date.now()

  // One start for tray and window; why it fails, both say when they try themselves.
  const started = Promise.resolve()
    .then(() => connectEngine(engineOptions()))
    .then(
      (client) => client.close(),
      () => undefined,
    )
  const follow = new EngineFollow(
    (signal) => started.then(() => connectEngine({ ...engineOptions(), signal })),
    (state) => {
      if (window.isLookedAt) lookedAt = Date.now()
      tray?.update(state, lookedAt)
      keepAwake.update(state)
      notices.read(state)
    },
  )
  const leaving = new Leaving({
    state: () => follow.state,
    stopAll: () => follow.api.jobs.stopAll({ discard: false }),
    untilKnown: () => follow.untilKnown(firstWordMs),
    left: () => follow.left(),
    onLeave: () => {
      follow.leave()
      tray?.destroy()
      tray = null
    },
  })
  const window = new MainWindow({
    remembered,
    preload: path.join(import.meta.dirname, '..', 'preload', 'index.cjs'),
    icon: path.join(icons, 'icon.png'),
    mayClose: () => {
      if (leaving.isDecided) return true
      if (tray === null) {
        void leaving.ask()
        return false
      }
      window.hide()
      tellAboutTray(remembered, leaving)
      return false
    },
  })
  const stopJob = (jobId: string): void => {
    runTrayAction({ kind: 'stop-job', jobId }, { window, follow, leaving })
  }
  const notices = new NoticeReader({
    remembered,
    open: (route) => window.show(route),
    stopJob,
    mute: (noticeId) => {
      // It would only be said once more.
      follow.api.system.muteNotice({ noticeId }).catch(() => undefined)
    },
    isLookedAt: () => window.isLookedAt,
  })

  hardenSession(session.defaultSession)
  saveOwnDownloads(session.defaultSession)
  serveAppFiles(session.defaultSession, path.join(root, 'out', 'renderer'))
  answerNativeCalls({
    remembered,
    onRenderer: (renderer) => {
      started
        .then(() => relayRenderer(renderer, { ...engineOptions(), env: process.env }))
        .catch((error: unknown) => renderer.close(toSubletError(error).message))
    },
  })
  setAppMenu((route) => window.show(route))
  app.on('second-instance', () => window.show())
  app.on('activate', () => window.show())
  app.on('browser-window-focus', () => {
    lookedAt = Date.now()
    tray?.update(follow.state, lookedAt)
  })
  // The tray, or the question at closing, decides when the app ends.
  app.on('window-all-closed', () => undefined)
  window.show()
  void follow.run()
  void showTray()

  async function showTray(): Promise<void> {
    if (!(await hasSystemTray()) || leaving.isDecided) return
    tray = new AppTray({
      icons,
      onAction: (action) => runTrayAction(action, { window, follow, leaving }),
    })
    tray.update(follow.state, lookedAt)
  }
}

if (app.requestSingleInstanceLock()) {
  app.whenReady().then(run, (error: unknown) => {
    dialog.showErrorBox('Sublet cannot start', toSubletError(error).message)
    app.exit(1)
  })
} else {
  // The first one comes to the front.
  app.exit(0)
}
