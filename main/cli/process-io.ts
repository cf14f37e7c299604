import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import type { Io } from './io.ts'
import { askHidden } from './ask-hidden.ts'

/** The real terminal. Questions go to standard error when standard output is redirected. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process
  const dumb = env['TERM'] === 'dumb'
  const questions = stdout.isTTY ? stdout : stderr
  return {
    env,
    cwd: process.cwd(),
    canAsk: stdin.isTTY && questions.isTTY,
    stdinIsTty: stdin.isTTY,
    stdoutIsTty: stdout.isTTY,
    canRedraw: stdout.isTTY && !dumb,
    colour: stdout.isTTY && !dumb && (env['NO_COLOR'] ?? '') === '',
    columns: () => stdout.columns || 80,
    now: () => Date.now(),
    out: (chunk) => void stdout.write(chunk),
    err: (chunk) => void stderr.write(chunk),
    ask: async (question, signal) => {
      const lines = createInterface({ input: stdin, output: questions })
      try {
        const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)))
        // readline puts Ctrl-C on its own event while it reads.
        lines.on('SIGINT', () => process.emit('SIGINT'))
        return await Promise.race([lines.question(question, signal ? { signal } : {}), ended])
      } finally {
        lines.close()
      }
    },
    askHidden: (question) => askHidden(question, stdin, questions),
    readStdin: () => text(stdin),
    onInterrupt: (listener) => {
      process.on('SIGINT', listener)
      return () => void process.off('SIGINT', listener)
    },
  }
}
