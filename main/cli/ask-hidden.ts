import type { ReadStream } from 'node:tty'
import { StringDecoder } from 'node:string_decoder'
import { SubletError } from '../domain/errors.ts'

/** Reads one line from a terminal without showing it. Ctrl-C and Ctrl-D fail with `cancelled`. */
export async function askHidden(
  question: string,
  input: ReadStream,
  output: { write(text: string): unknown },
): Promise<string> {
  output.write(question)
  input.setRawMode(true)
  input.resume()
  const decoder = new StringDecoder('utf8')
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = ''
      const listen = (chunk: Buffer): void => {
        for (const character of decoder.write(chunk)) {
          if (character === '\r' || character === '\n') {
            input.off('data', listen)
            resolve(typed)
            return
          }
          if (character === '\u0003' || character === '\u0004') {
            input.off('data', listen)
            reject(new SubletError('cancelled', 'Cancelled: nothing was stored.'))
            return
          }
          if (character === '\u007f' || character === '\b') typed = typed.slice(0, -1)
          else if (character >= ' ') typed += character
        }
      }
      input.on('data', listen)
    })
  } finally {
    input.setRawMode(false)
    input.pause()
    output.write('\n')
  }
}
