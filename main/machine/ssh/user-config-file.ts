import { globSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { LineType, parse, SSHConfig, type Line } from 'ssh-config'
import { SubletError } from '../../domain/errors.ts'

export interface UserConfigPlaces {
  /** The user's home folder; `.ssh/config` in it is read. */
  readonly home: string
  /** Name of the local user: the default remote user, as with ssh. */
  readonly localUser: string
}

export interface LoadedConfig {
  readonly config: SSHConfig
  /** Sentences about what was left out. */
  readonly notes: readonly string[]
}

/** Deeper nesting of Include is a mistake in the file; ssh stops at 16 too. */
const deepestInclude = 16

/**
 * Reads ~/.ssh/config with its Includes. Match sections and look-ups of canonical names are left
 * out: evaluating them runs programs. A missing file is an empty one; an unreadable one is `invalid`.
 */
export function loadUserConfig(places: UserConfigPlaces): LoadedConfig {
  const notes: string[] = []
  const lines = readLines(join(places.home, '.ssh', 'config'), places, notes, 0)
  const config = new SSHConfig()
  config.push(...lines)
  return { config, notes: [...new Set(notes)] }
}

function readLines(
  path: string,
  places: UserConfigPlaces,
  notes: string[],
  depth: number,
): readonly Line[] {
  if (depth > deepestInclude) throw unusable(path, 'its Includes go round in a circle')
  return [...parseFile(path)].flatMap((line): readonly Line[] => {
    if (line.type !== LineType.DIRECTIVE) return []
    switch (line.param.toLowerCase()) {
      case 'include':
        return includedFiles(line.value, places).flatMap((file) =>
          readLines(file, places, notes, depth + 1),
        )
      case 'match':
        notes.push(
          `The Match sections of ${path} are not used; put what this host needs under Host.`,
        )
        return []
      case 'canonicalizehostname':
        return []
      case 'host':
        if ('config' in line) removeUnused(line.config, path, notes)
        return [line]
      default:
        return [line]
    }
  })
}

function parseFile(path: string): SSHConfig {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new SSHConfig()
    throw unusable(path, error instanceof Error ? error.message : String(error))
  }
}

function removeUnused(section: SSHConfig, path: string, notes: string[]): void {
  for (let index = section.length - 1; index >= 0; index -= 1) {
    const line = section[index]
    if (line?.type !== LineType.DIRECTIVE) continue
    if (!/^(include|canonicalizehostname)$/i.test(line.param)) continue
    section.splice(index, 1)
    if (/^include$/i.test(line.param)) {
      notes.push(`An Include inside a Host section of ${path} is not used; move it to the top.`)
    }
  }
}

function includedFiles(
  value: string | readonly { readonly val: string }[],
  { home }: UserConfigPlaces,
): readonly string[] {
  const patterns = typeof value === 'string' ? [value] : value.map(({ val }) => val)
  return patterns
    .map((pattern) => pattern.replace(/^~(?=\/)/, home))
    .map((pattern) => (isAbsolute(pattern) ? pattern : join(home, '.ssh', pattern)))
    .flatMap((pattern) => globSync(pattern).toSorted())
}

function unusable(path: string, reason: string): SubletError {
  return new SubletError(
    'invalid',
    `Your SSH configuration ${path} cannot be used (${reason}); correct it, or give user@host:port and --key instead of a name from it.`,
  )
}
