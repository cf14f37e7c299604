import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { NativeApi } from './api.ts'
import { channels } from './channels.ts'

// The port goes on to the page's own window; only our origin is ever loaded in it.
ipcRenderer.on(channels.connect, (event) => {
  window.postMessage(channels.connect, window.location.origin, [...event.ports])
})

const ask = async (channel: string, input?: unknown): Promise<never> => {
  const answer = await ipcRenderer.invoke(channel, input)
  if ('problem' in answer) throw new Error(answer.problem)
  return answer.value as never // Typed by NativeApi; the main process made it.
}

const native: NativeApi = {
  kind: 'desktop',
  platform: process.platform as NativeApi['platform'],
  connect: () => ask(channels.connect),
  pathForFile: (file) => webUtils.getPathForFile(file),
  pick: (options) => ask(channels.pick, options),
  reveal: (path) => ask(channels.reveal, path),
  openPath: (path) => ask(channels.openPath, path),
  openExternal: (url) => ask(channels.openExternal, url),
  setTheme: (theme) => void ask(channels.setTheme, theme),
  onNavigate: (listener) => {
    ipcRenderer.on(channels.navigate, (_event, route: string) => listener(route))
  },
}

contextBridge.exposeInMainWorld('sublet', native)
