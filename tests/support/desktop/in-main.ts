import type { ElectronApplication } from '@playwright/test'
import type { Menu, MessageBoxOptions, Tray } from 'electron'

/** What tests note down in the app's main process: they replace what would need a user. */
interface Noted {
  dialogs: MessageBoxOptions[]
  menu: Menu | null
  notifications: { title: string; click: () => void }[]
}
declare global {
  var noted: Noted
}

/** Answers every dialog with the button of this number, from now on. */
export async function answerDialogs(app: ElectronApplication, button: number): Promise<void> {
  await app.evaluate(({ dialog }, response) => {
    globalThis.noted ??= { dialogs: [], menu: null, notifications: [] }
    const { dialogs } = globalThis.noted
    const answer = async (...args: unknown[]) => {
      dialogs.push(args.at(-1) as MessageBoxOptions)
      return { response, checkboxChecked: false }
    }
    dialog.showMessageBox = answer
  }, button)
}

/** The dialogs shown since `answerDialogs`. */
export async function shownDialogs(app: ElectronApplication) {
  return await app.evaluate(() =>
    globalThis.noted.dialogs.map(({ message, detail, buttons }) => ({ message, detail, buttons })),
  )
}

/** Notes the tray's menu whenever the app sets it. */
export async function noteTray(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ Tray }) => {
    globalThis.noted ??= { dialogs: [], menu: null, notifications: [] }
    const set: (this: Tray, menu: Menu | null) => void = Reflect.get(
      Tray.prototype,
      'setContextMenu',
    )
    Tray.prototype.setContextMenu = function (menu) {
      globalThis.noted.menu = menu
      set.call(this, menu)
    }
  })
}

/** The labels of the tray's menu; those of a submenu after ` > `. */
export async function trayLabels(app: ElectronApplication): Promise<string[]> {
  return await app.evaluate(() =>
    (globalThis.noted.menu?.items ?? []).flatMap((item) => [
      item.label,
      ...(item.submenu?.items ?? []).map((one) => `${item.label} > ${one.label}`),
    ]),
  )
}

/** Clicks an entry of the tray's menu by the app's own handler. */
export async function clickTray(app: ElectronApplication, label: string): Promise<void> {
  const found = await app.evaluate((_electron, wanted) => {
    const items = globalThis.noted.menu?.items ?? []
    const all = [...items, ...items.flatMap((item) => item.submenu?.items ?? [])]
    const item = all.find((one) => one.label === wanted)
    item?.click()
    return item !== undefined
  }, label)
  if (!found) throw new Error(`The tray's menu has no "${label}".`)
}

/** Notes notifications instead of showing them. */
export async function noteNotifications(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ Notification }) => {
    globalThis.noted ??= { dialogs: [], menu: null, notifications: [] }
    Notification.prototype.show = function () {
      const { title } = this
      globalThis.noted.notifications.push({ title, click: () => this.emit('click') })
    }
  })
}

export async function notifiedTitles(app: ElectronApplication): Promise<string[]> {
  return await app.evaluate(() => globalThis.noted.notifications.map(({ title }) => title))
}

/** What the one window looks like to the system. */
export async function windowState(app: ElectronApplication) {
  return await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    return {
      isVisible: window?.isVisible() ?? false,
      bounds: window?.getBounds() ?? null,
    }
  })
}
