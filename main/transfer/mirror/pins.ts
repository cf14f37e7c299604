import type { Machine } from '../../machine/machine.ts'
import { pathFromText, pathToBuffer, ROOT, type PathBytes } from '../path-bytes.ts'
import { byRoot } from '../receive-items.ts'
import type { RemoteItem } from '../receive-types.ts'
import { runForBytes, shellWord } from '../remote-command.ts'
import { statRemote } from '../remote-hash.ts'
import { listRemote } from '../remote-list.ts'

/** More are copied without: a second name each costs time, and small files travel quickly. */
const MOST_PINS = 2_000
const NAMES_A_CALL = 100

/**
 * Second names (hard links) for files on the machine while they are copied: a job that replaces a
 * file by renaming another one over it does not take away what is being read. Where links cannot
 * be made, files are read as they are.
 */
export class Pins {
  readonly #machine: Machine
  readonly #dir: string
  #made = 0
  #used = false

  /** `dir` is a folder of ours on the machine, on the file system of the outputs. */
  constructor(machine: Machine, dir: string) {
    this.#machine = machine
    this.#dir = dir
  }

  /** The files by their second names, as these say they are; a file that cannot be pinned as itself. */
  async pin(items: readonly RemoteItem[], signal?: AbortSignal): Promise<RemoteItem[]> {
    const first = this.#made
    const numbered = items
      .slice(0, MOST_PINS)
      .map((item, index) => ({ item, name: pathFromText(String(first + index)) }))
    this.#made += numbered.length
    if (numbered.length === 0) return [...items]
    const nameOf = new Map(numbered.map(({ item, name }) => [item, name]))
    for (const [root, group] of byRoot(numbered.map(({ item }) => item))) {
      const feed = group.map((item) => pairOf(item, nameOf.get(item) ?? ROOT))
      const link = `while [ $# -gt 1 ]; do ln -- "$1" ${shellWord(this.#dir)}/"$2" 2>/dev/null; shift 2; done; :`
      const command = `${this.#prepare()}cd ${shellWord(root)} && xargs -0 -n ${NAMES_A_CALL} sh -c ${shellWord(link)} sh`
      await runForBytes(this.#machine, command, feed, signal)
    }
    const found = await statRemote(
      this.#machine,
      this.#dir,
      numbered.map(({ name }) => name),
      signal,
    )
    return items.map((item) => {
      const entry = found.get(nameOf.get(item) ?? ROOT)
      return entry?.kind === 'file' ? { ...item, root: this.#dir, entry, pinned: true } : item
    })
  }

  /** How the pinned versions stand now, and the machine's clock; what has no pin is left out. */
  async look(
    items: readonly RemoteItem[],
    signal?: AbortSignal,
  ): Promise<{ readonly nowS: number; readonly items: readonly RemoteItem[] }> {
    const pinned = items.filter((item) => item.pinned === true)
    if (pinned.length === 0) return { nowS: 0, items: [] }
    const { nowS, entries } = await listRemote(
      this.#machine,
      this.#dir,
      signal === undefined ? {} : { signal },
    )
    return {
      nowS,
      items: pinned.flatMap((item) => {
        const entry = entries.get(item.entry.path)
        return entry?.kind === 'file' ? [{ ...item, entry }] : []
      }),
    }
  }

  /** The first command also removes what a pass left that was killed. */
  #prepare(): string {
    if (this.#used) return ''
    this.#used = true
    const dir = shellWord(this.#dir)
    return `rm -rf ${dir}; mkdir -m 700 ${dir}; `
  }

  /** Gives the second names back; where the machine does not answer, the next pass does. */
  async release(signal?: AbortSignal): Promise<void> {
    if (!this.#used) return
    await this.#machine
      .exec(`rm -rf ${shellWord(this.#dir)}`, signal === undefined ? {} : { signal })
      .catch(() => undefined) // The next pass removes them.
  }
}

function pairOf(item: RemoteItem, name: PathBytes): Uint8Array {
  const nul = Buffer.from([0])
  const path = Buffer.concat([Buffer.from('./'), pathToBuffer(item.entry.path)])
  return Buffer.concat([path, nul, pathToBuffer(name), nul])
}
