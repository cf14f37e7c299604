import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Contract } from '../../../preload/contract/contract.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { packageRoot } from '../package-root.ts'
import type { ServiceParts } from './context.ts'
import { logTail } from './log-tail.ts'
import { watchSettings } from './watch-settings.ts'

/** The handlers about settings, and the facts that stand beside them. */
export function settingHandlers(parts: ServiceParts): Handlers<Contract>['settings'] {
  const { settings } = parts
  return {
    all: async () => settings.all(),
    watch: async (_input, { signal }) => watchSettings(settings, signal),
    set: async ({ key, value }) => {
      settings.setUnknown(key, value)
      return settings.all()
    },
    reset: async ({ key }) => {
      settings.reset(key)
      return settings.all()
    },
    facts: async () => ({
      version: parts.version,
      homeDir: parts.home.dir,
      logFile: parts.home.logFile,
      pid: process.pid,
      startedAt: parts.startedAt,
      keychain: parts.vault.state,
      licence: ownText('LICENSE'),
      notices: ownText(path.join('docs', 'THIRD-PARTY.md')),
    }),
    logTail: async (input, { signal }) => logTail(parts, input, signal),
  }
}

/** A text that is part of Sublet; a build that left it out says where it stands. */
function ownText(name: string): string {
  try {
    return readFileSync(path.join(packageRoot(), name), 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return `${name} cannot be read here (${why}). It is part of Sublet's source code.`
  }
}
