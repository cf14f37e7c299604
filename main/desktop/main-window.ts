import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import { channels } from '../../preload/channels.ts'
import { appOrigin } from './own-page.ts'
import type { Remembered } from './remembered.ts'
import { placeWindow, smallest } from './window-place.ts'

export interface MainWindowOptions {
  readonly remembered: Remembered
  readonly preload: string
  readonly icon: string
  /** The user closes the window; true lets it go. */
  readonly mayClose: () => boolean
}

/** The ground of the look in both themes, so that nothing flashes before the page is there. */
const grounds = { light: '#fbfaf8', dark: '#131518' }
const keepPlaceAfterMs = 500
const mostCrashes = 3
const crashesWithinMs = 60_000

/** The app's one window: made when it is first shown, kept through hiding, made anew if it is gone. */
export class MainWindow {
  readonly #options: MainWindowOptions
  #window: BrowserWindow | null = null

  constructor(options: MainWindowOptions) {
    this.#options = options
    nativeTheme.themeSource = options.remembered.values.theme
    nativeTheme.on('updated', () => this.#window?.setBackgroundColor(ground()))
  }

  get isLookedAt(): boolean {
    return this.#window?.isFocused() ?? false
  }

  /** Shows the window and puts it in front; with a route, on that page. */
  show(route: string | null = null): void {
    const window = this.#window ?? this.#open()
    if (window.isMinimized()) window.restore()
    if (!window.webContents.isLoading()) window.show()
    window.focus()
    if (route === null) return
    const navigate = (): void => window.webContents.send(channels.navigate, route)
    if (window.webContents.isLoading()) window.webContents.once('did-finish-load', navigate)
    else navigate()
  }

  hide(): void {
    this.#window?.hide()
  }

  #open(): BrowserWindow {
    const { remembered, preload, icon, mayClose } = this.#options
    const screens = screen.getAllDisplays().map((display) => display.workArea)
    const window = new BrowserWindow({
      ...placeWindow(remembered.values, screens),
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      title: 'Sublet',
      icon,
      backgroundColor: ground(),
      autoHideMenuBar: true,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        devTools: !app.isPackaged,
        spellcheck: false,
      },
    })
    this.#window = window
    window.once('ready-to-show', () => {
      if (remembered.values.isMaximised) window.maximize()
      window.show()
    })
    rememberPlace(window, remembered)
    window.on('close', (event) => {
      if (!mayClose()) event.preventDefault()
    })
    window.on('closed', () => {
      this.#window = null
    })
    reloadAfterCrash(window)
    void window.loadURL(`${appOrigin}/`)
    return window
  }
}

/** Loads the page again when its process died; one that keeps dying is left, with the reason said. */
function reloadAfterCrash(window: BrowserWindow): void {
  let crashes: readonly number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    const now = Date.now()
    crashes = [...crashes.filter((at) => now - at < crashesWithinMs), now]
    if (crashes.length <= mostCrashes) {
      window.webContents.reload()
      return
    }
    dialog.showErrorBox(
      'The window cannot be shown',
      `Its page ended ${crashes.length} times in a minute (${reason}). Jobs go on; close the window and open it again, or use: sublet jobs`,
    )
  })
}

function rememberPlace(window: BrowserWindow, remembered: Remembered): void {
  let timer: NodeJS.Timeout | null = null
  const keep = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (window.isDestroyed() || window.isMinimized()) return
    remembered.keep({ bounds: window.getNormalBounds(), isMaximised: window.isMaximized() })
  }
  const soon = (): void => {
    timer ??= setTimeout(keep, keepPlaceAfterMs)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('maximize', soon)
  window.on('unmaximize', soon)
  window.on('close', keep)
}

function ground(): string {
  return nativeTheme.shouldUseDarkColors ? grounds.dark : grounds.light
}
