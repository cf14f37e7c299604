import { toSubletError } from './domain/errors.ts'
import { whatStays } from './domain/what-stays.ts'
import { leftBehind } from './rpc/client/left-behind.ts'
import { connectEngine } from './engine/connect.ts'
import type { ConnectOptions } from './engine/connect.ts'
import { packageRoot } from './engine/package-root.ts'
import { relayRenderer } from './engine/relay-renderer.ts'
import { ensureBuilt } from './serve/app-build.ts'
import { startPageServer } from './serve/http-server.ts'
import { hasDisplay, openInBrowser } from './serve/open-browser.ts'
import { Sessions } from './serve/sessions.ts'

/** What the browser host needs of the terminal it runs in. */
export interface ServeTerminal {
  readonly env: Readonly<Record<string, string | undefined>>
  out(text: string): void
  err(text: string): void
  ask(question: string, signal?: AbortSignal): Promise<string | null>
  onInterrupt(listener: () => void): () => void
}

export interface ServeHostOptions {
  readonly terminal: ServeTerminal
  readonly home: string
  readonly version: string
  /** 0 takes any free port. */
  readonly port: number
  /** Whether to open the user's browser, where there is a display. */
  readonly open: boolean
}

/**
 * The browser host: serves the app on 127.0.0.1 until Ctrl-C and prints a link that works once,
 * and a fresh one for each Enter. Jobs go on without it.
 */
export async function serveBrowser(options: ServeHostOptions): Promise<void> {
  const { terminal, home, version } = options
  const say = (line: string): void => terminal.out(`${line}\n`)
  const engine: ConnectOptions = {
    home,
    clientVersion: version,
    role: 'serve',
    startIfAbsent: true,
  }
  const stop = new AbortController()
  const folder = await ensureBuilt(packageRoot(), ['renderer'], say)
  // One start for all pages, begun before the first of them; why it fails, the page will say.
  const warm = connectEngine({ ...engine, signal: stop.signal }).then(
    (client) => client.close(),
    (error: unknown) => terminal.err(`sublet: ${toSubletError(error).message}\n`),
  )
  const sessions = new Sessions()
  const server = await startPageServer({
    sessions,
    folder,
    port: options.port,
    onRenderer: (renderer) => {
      void warm.then(() => relayRenderer(renderer, { ...engine, env: terminal.env }))
    },
  })
  const freshLink = (): string => `http://127.0.0.1:${server.port}/open/${sessions.newToken()}`
  say(`Sublet is open on this computer:\n\n  ${freshLink()}\n`)
  say('The link works once. Press Enter for a fresh one; Ctrl-C ends this page, and jobs go on.')
  if (options.open && hasDisplay(terminal.env)) openInBrowser(freshLink())
  if (!hasDisplay(terminal.env)) {
    say(
      `From another computer: ssh -L ${server.port}:127.0.0.1:${server.port} to this one first, then open the link there.`,
    )
  }
  void answerEnter(terminal, stop.signal, () => say(`\n  ${freshLink()}\n`))
  await interrupted(terminal)
  await warm
  const words = await whatGoesOn(engine)
  stop.abort()
  await server.close()
  say(words)
}

async function answerEnter(
  terminal: ServeTerminal,
  signal: AbortSignal,
  onEnter: () => void,
): Promise<void> {
  try {
    while (!signal.aborted && (await terminal.ask('', signal)) !== null) onEnter()
  } catch (error) {
    if (!signal.aborted) terminal.err(`sublet: ${toSubletError(error).message}\n`)
  }
}

/** Until Ctrl-C, or a request to end by whoever manages this process. */
function interrupted(terminal: ServeTerminal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      stopListening()
      process.off('SIGTERM', end)
      resolve()
    }
    const stopListening = terminal.onInterrupt(end)
    process.once('SIGTERM', end)
  })
}

async function whatGoesOn(engine: ConnectOptions): Promise<string> {
  try {
    const client = await connectEngine({ ...engine, startIfAbsent: false })
    const status = await client.api.system.status({})
    const left = await leftBehind(client.api)
    client.close()
    return [whatStays(status), ...left].join('\n')
  } catch (error) {
    const { code, message } = toSubletError(error)
    // An engine leaves by itself when nothing is left to do.
    return code === 'unreachable' ? 'Nothing is running.' : message
  }
}
