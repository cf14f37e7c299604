import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectTo } from '../../main/engine/connect.ts'
import type { ConnectOptions } from '../../main/engine/connect.ts'
import { homeAt } from '../../main/engine/home.ts'
import type { Home } from '../../main/engine/home.ts'
import { readEngineInfo } from '../../main/engine/engine-info.ts'
import { eventually } from './eventually.ts'
import { processesOfHome } from './processes-of-home.ts'
import { testContract } from './rpc-pair.ts'

const entry = fileURLToPath(new URL('./test-engine.ts', import.meta.url))

/** A temporary home whose engines are `test-engine.ts`. */
export class EngineHome {
  readonly #top: string
  readonly home: Home

  /** `sub` is a folder in the temporary one, for homes with a peculiar path. */
  constructor(sub = '') {
    this.#top = mkdtempSync(join(tmpdir(), 'sublet-engine-'))
    this.home = homeAt(join(this.#top, sub))
  }

  get pid(): number {
    return readEngineInfo(this.home)?.pid ?? -1
  }

  /** Connects, starting an engine with `environment` where there is none. */
  async connect(
    options: Partial<ConnectOptions> = {},
    environment: Record<string, string> = {},
    contractVersion = 1,
  ) {
    const client = await connectTo(testContract, contractVersion, {
      home: this.home.dir,
      clientVersion: '1.0.0',
      role: 'test',
      startIfAbsent: true,
      program: { entry, environment: { SUBLET_ENGINE_IDLE_MS: '300', ...environment } },
      ...options,
    })
    return { client, pid: this.pid }
  }

  /** Ends its engines, also those which lost a race and are only about to find out. */
  async remove(): Promise<void> {
    await eventually(() => {
      const pids = processesOfHome(this.home.dir)
      for (const pid of pids) if (alive(pid)) process.kill(pid, 'SIGKILL')
      return pids.length === 0
    })
    rmSync(this.#top, { recursive: true })
  }
}

/** Whether the process exists. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false // ESRCH: this is the question.
  }
}
