import { ipcMain } from 'electron'
import type { IpcMainInvokeEvent, WebFrameMain } from 'electron'
import type { channels } from '../../preload/channels.ts'
import { SubletError, toSubletError } from '../domain/errors.ts'
import { isOwnFrame } from './own-page.ts'

type Channel = (typeof channels)[keyof typeof channels]

/** What the preload gets for every question; it turns a problem into an error. */
export type Answer = { readonly value: unknown } | { readonly problem: string }

/**
 * Answers one channel, to the top frame of the app's own page only. The one place that listens to
 * a window; handlers parse what they are given.
 */
export function answerWindow(
  channel: Channel,
  handler: (input: unknown, frame: WebFrameMain) => unknown,
): void {
  ipcMain.handle(channel, async (event: IpcMainInvokeEvent, input: unknown): Promise<Answer> => {
    try {
      const frame = event.senderFrame
      if (frame === null || !isOwnFrame(frame)) {
        throw new SubletError('permission', 'Only the app’s own page may ask for this.')
      }
      return { value: await handler(input, frame) }
    } catch (error) {
      return { problem: toSubletError(error).message }
    }
  })
}
