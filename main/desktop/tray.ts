import path from 'node:path'
import { Menu, nativeImage, Tray } from 'electron'
import type { MenuItemConstructorOptions } from 'electron'
import { menuShape, trayLook, trayMenu, trayTip } from './tray-menu.ts'
import type { TrayAction, TrayItem, TrayLook } from './tray-menu.ts'
import type { DesktopState } from './state.ts'

export interface AppTrayOptions {
  /** Where the icons are. */
  readonly icons: string
  readonly onAction: (action: TrayAction) => void
}

const figuresMayWaitMs = 15_000

/** The icon in the system's tray and its menu, redrawn only when they say something new. */
export class AppTray {
  readonly #options: AppTrayOptions
  readonly #tray: Tray
  #shown = ''
  #shape = ''
  #menuAt = 0

  constructor(options: AppTrayOptions) {
    this.#options = options
    this.#tray = new Tray(image(options.icons, 'idle'))
    this.#tray.on('click', () => options.onAction({ kind: 'open', route: null }))
  }

  /** `lookedAt`: when the window last had the user's attention, epoch ms. */
  update(state: DesktopState, lookedAt: number): void {
    const [items, look, tip] = [trayMenu(state), trayLook(state, lookedAt), trayTip(state)]
    const drawn = JSON.stringify([items, look, tip])
    if (drawn === this.#shown) return
    this.#shown = drawn
    this.#tray.setImage(image(this.#options.icons, look))
    this.#tray.setToolTip(tip)
    // A menu that is replaced closes under the pointer: figures that move each second wait.
    const shape = menuShape(items)
    if (shape === this.#shape && Date.now() - this.#menuAt < figuresMayWaitMs) return
    this.#shape = shape
    this.#menuAt = Date.now()
    this.#tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => this.#template(item))))
  }

  destroy(): void {
    this.#tray.destroy()
  }

  #template(item: TrayItem): MenuItemConstructorOptions {
    switch (item.kind) {
      case 'line':
        return { label: item.label, enabled: false }
      case 'separator':
        return { type: 'separator' }
      case 'action':
        return { label: item.label, click: () => this.#options.onAction(item.action) }
      case 'menu':
        return { label: item.label, submenu: item.items.map((one) => this.#template(one)) }
    }
  }
}

function image(folder: string, look: TrayLook) {
  const isMac = process.platform === 'darwin'
  // macOS colours a template by itself, at the size of its name's @2x.
  const file = path.join(folder, isMac ? `tray-${look}Template.png` : `tray-${look}.png`)
  return nativeImage.createFromPath(file)
}
