import { BrowserWindow, dialog, MessageChannelMain, nativeTheme } from 'electron'
import { z } from 'zod'
import { channels } from '../../preload/channels.ts'
import type { Transport } from '../rpc/client/transport.ts'
import { answerWindow } from './ipc.ts'
import { openAddress, openFolder, reveal } from './open-outside.ts'
import { portTransport } from './port-transport.ts'
import type { Remembered } from './remembered.ts'

const pickSchema = z.object({
  kind: z.enum(['files', 'folder', 'save']),
  title: z.string().max(200),
  defaultPath: z.string().max(4_096).optional(),
  filters: z
    .array(z.object({ name: z.string(), extensions: z.array(z.string().regex(/^[\w*.]+$/)) }))
    .optional(),
})
const pathSchema = z.string().min(1).max(4_096)
const themeSchema = z.enum(['system', 'light', 'dark'])

export interface NativeAnswersOptions {
  readonly remembered: Remembered
  /** A window asks for the engine. */
  readonly onRenderer: (renderer: Transport) => void
}

/** Answers everything that `window.sublet` asks of the main process. */
export function answerNativeCalls({ remembered, onRenderer }: NativeAnswersOptions): void {
  answerWindow(channels.connect, (_input, frame) => {
    const { port1, port2 } = new MessageChannelMain()
    onRenderer(portTransport(port1))
    frame.postMessage(channels.connect, null, [port2])
  })
  answerWindow(channels.pick, (input) => pick(pickSchema.parse(input)))
  answerWindow(channels.reveal, (input) => reveal(pathSchema.parse(input)))
  answerWindow(channels.openPath, (input) => openFolder(pathSchema.parse(input)))
  answerWindow(channels.openExternal, (input) => openAddress(pathSchema.parse(input)))
  answerWindow(channels.setTheme, (input) => {
    const theme = themeSchema.parse(input)
    nativeTheme.themeSource = theme
    remembered.keep({ theme })
  })
}

async function pick(wanted: z.infer<typeof pickSchema>): Promise<PickedPaths> {
  const { kind, title, defaultPath, filters } = wanted
  const options = {
    title,
    ...(defaultPath === undefined ? {} : { defaultPath }),
    ...(filters === undefined ? {} : { filters }),
  }
  const [window] = BrowserWindow.getAllWindows()
  if (window === undefined) return null
  if (kind === 'save') {
    const { canceled, filePath } = await dialog.showSaveDialog(window, options)
    return canceled ? null : [filePath]
  }
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    ...options,
    properties:
      kind === 'files' ? ['openFile', 'multiSelections'] : ['openDirectory', 'createDirectory'],
  })
  return canceled ? null : filePaths
}

type PickedPaths = readonly string[] | null
