import { app, Menu } from 'electron'
import type { MenuItemConstructorOptions } from 'electron'

/** The application's menu: without its Edit roles, copy and paste have no keys on macOS. */
export function setAppMenu(open: (route: string) => void): void {
  const isMac = process.platform === 'darwin'
  const settings: MenuItemConstructorOptions = {
    label: 'Settings…',
    accelerator: 'CmdOrCtrl+,',
    click: () => open('/settings'),
  }
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const template: MenuItemConstructorOptions[] = [
    ...(isMac
      ? [
          {
            label: app.name,
            submenu: [
              { role: 'about' as const },
              separator,
              settings,
              separator,
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              separator,
              { role: 'quit' as const },
            ],
          },
        ]
      : []),
    {
      label: 'File',
      submenu: [
        { label: 'New job', accelerator: 'CmdOrCtrl+N', click: () => open('/run') },
        ...(isMac ? [] : [settings]),
        separator,
        { role: 'close', label: 'Close window' },
        ...(isMac ? [] : [{ role: 'quit' as const, label: 'Quit', accelerator: 'Ctrl+Q' }]),
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(app.isPackaged
          ? []
          : [{ role: 'reload' as const }, { role: 'toggleDevTools' as const }]),
      ],
    },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
