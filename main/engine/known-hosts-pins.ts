import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { replaceFile } from './replace-file.ts'

/**
 * Host keys of one rental, kept in a known_hosts file that the system's own ssh can use too. Each
 * rental has its own file: addresses of rented machines are used again by strangers.
 */
export class KnownHostsPins {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Every key of the file: of this machine, under whatever address it was reached. */
  async all(): Promise<readonly string[]> {
    const lines = (await this.#text()).split('\n').filter((line) => line !== '')
    return [...new Set(lines.map((line) => line.slice(line.indexOf(' ') + 1)))]
  }

  /** Keys pinned for the host, as known_hosts names it (`host` or `[host]:port`). */
  async expected(hostLabel: string): Promise<readonly string[]> {
    return (await this.#text())
      .split('\n')
      .filter((line) => line.startsWith(`${hostLabel} `))
      .map((line) => line.slice(hostLabel.length + 1))
  }

  /** Remembers a key; one that is there already is not written twice. */
  async pin(hostLabel: string, key: string): Promise<void> {
    if ((await this.expected(hostLabel)).includes(key)) return
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    await appendFile(this.#path, `${hostLabel} ${key}\n`, { mode: 0o600, flush: true })
  }

  /** Forgets every key but this one. */
  async pinOnly(hostLabel: string, key: string): Promise<void> {
    await replaceFile(this.#path, `${hostLabel} ${key}\n`, 0o600)
  }

  async #text(): Promise<string> {
    return await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
  }
}
