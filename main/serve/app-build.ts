import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { SubletError } from '../domain/errors.ts'

/** What the window hosts need of a build, each with what it is made of. */
const parts = {
  renderer: {
    product: 'out/renderer/index.html',
    sources: ['renderer', 'preload', 'main/domain', 'main/rpc/client', 'electron.vite.config.ts'],
  },
  desktop: {
    product: 'out/desktop/main/index.js',
    sources: ['main', 'preload', 'electron.vite.config.ts'],
  },
} as const

/**
 * Makes sure that a part of the app is built and answers the folder of the renderer. A checkout
 * builds what is missing or older than its sources; an installed package has it all.
 */
export async function ensureBuilt(
  root: string,
  wanted: readonly (keyof typeof parts)[],
  say: (line: string) => void,
): Promise<string> {
  const folder = path.join(root, 'out', 'renderer')
  const builder = path.join(root, 'bin', 'build-app.mjs')
  const isCheckout = existsSync(path.join(root, 'renderer', 'index.html'))
  for (const part of wanted) {
    const { product, sources } = parts[part]
    const isThere = existsSync(path.join(root, product))
    if (!isCheckout && !isThere) {
      throw new SubletError(
        'unsupported',
        `This installation lacks the app's pages (${product}); install Sublet again.`,
      )
    }
    if (!isCheckout || (isThere && !(await isOlder(root, product, sources)))) continue
    say('Building the app …')
    await build(builder)
  }
  return folder
}

async function isOlder(
  root: string,
  product: string,
  sources: readonly string[],
): Promise<boolean> {
  const builtAt = (await stat(path.join(root, product))).mtimeMs
  for (const source of sources) {
    if ((await newest(path.join(root, source))) > builtAt) return true
  }
  return false
}

/** When the newest file at or below a path was written; 0 when there is none. */
async function newest(at: string): Promise<number> {
  if (!existsSync(at)) return 0
  const own = await stat(at)
  if (!own.isDirectory()) return own.mtimeMs
  const entries = await readdir(at, { recursive: true, withFileTypes: true })
  const times = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(path.join(entry.parentPath, entry.name))).mtimeMs)
  return Math.max(0, ...(await Promise.all(times)))
}

async function build(builder: string): Promise<void> {
  const child = spawn(process.execPath, [builder], { stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  const keep = (text: string): void => {
    words = `${words}${text}`.slice(-4_000)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code === 0) return
  throw new SubletError(
    'unavailable',
    `The app could not be built: run "node bin/build-app.mjs" to see why. Its last words: ${words.trim().split('\n').slice(-6).join(' | ')}`,
  )
}
