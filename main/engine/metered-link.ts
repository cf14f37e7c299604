import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** NetworkManager's values: yes and "yes, as far as can be guessed". */
const metered = new Set(['1', '3'])
const answeredForMs = 30_000
const patienceMs = 2_000

/** Runs a program and answers what it printed; rejects when it is missing, fails or hangs. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>

/**
 * Whether the system says that this computer's connection is paid by volume. Linux with
 * NetworkManager says it; elsewhere the answer is no, and the user has a setting.
 */
export class MeteredLink {
  readonly #run: RunProgram
  readonly #platform: NodeJS.Platform
  #asked: { readonly at: number; readonly answer: Promise<boolean> } | null = null

  constructor(run: RunProgram = runProgram, platform: NodeJS.Platform = process.platform) {
    this.#run = run
    this.#platform = platform
  }

  /** Asked at most twice a minute. */
  async isMetered(): Promise<boolean> {
    const at = performance.now()
    if (this.#asked === null || at - this.#asked.at > answeredForMs) {
      this.#asked = { at, answer: this.#ask() }
    }
    return await this.#asked.answer
  }

  async #ask(): Promise<boolean> {
    if (this.#platform !== 'linux') return false
    const name = 'org.freedesktop.NetworkManager'
    const args = ['--system', 'get-property', name, '/org/freedesktop/NetworkManager', name]
    try {
      const answer = await this.#run('busctl', [...args, 'Metered'])
      return metered.has(/^u (\d)/.exec(answer.trim())?.[1] ?? '')
    } catch {
      return false // No NetworkManager, or it does not say: then the user's setting alone counts.
    }
  }
}

async function runProgram(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, [...args], { timeout: patienceMs, encoding: 'utf8' })
  return stdout
}
