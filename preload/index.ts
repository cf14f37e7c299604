import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { NativeApi } from './api.ts'
import { channels } from './channels.ts'

// The port goes on to the page's own window; only our origin is ever loaded in it.
ipcRenderer.on(channels.connect, (event) => {
  window.postMessage(channels.connect, window.location.origin, [...event.ports])
})

const native: NativeApi = {
  kind: 'desktop',
  platform: process.platform as NativeApi['platform'],
  connect: () => ipcRenderer.invoke(channels.connect),
  pathForFile: (file) => webUtils.getPathForFile(file),
  pick: (options) => ipcRenderer.invoke(channels.pick, options),
  reveal: (path) => ipcRenderer.invoke(channels.reveal, path),
  openPath: (path) => ipcRenderer.invoke(channels.openPath, path),
  openExternal: (url) => ipcRenderer.invoke(channels.openExternal, url),
  setTheme: (theme) => void ipcRenderer.invoke(channels.setTheme, theme),
  onNavigate: (listener) => {
    ipcRenderer.on(channels.navigate, (_event, route: string) => listener(route))
  },
}

contextBridge.exposeInMainWorld('sublet', native)
