import { gzipSync } from 'node:zlib'
import { SubletError } from '../../domain/errors.ts'
import { shellQuote } from '../../domain/shell-quote.ts'

/** Where the machine's own id and key are kept for sessions that come by SSH; in root's home. */
export const selfFile = '.sublet-vast'
const startedFile = '.sublet-started'

/** "`onstart` field is limited to 4048 characters -- gzip+base64 for longer scripts" (the description). */
const mostCharacters = 4_048

/**
 * What the container runs at each start, as root. The key may log in though attaching it to the
 * instance fails; no tmux takes the session; the container's variables, which sessions by SSH do not
 * see, are kept for `selfTerminateCommand`; the script runs at the first start only.
 */
export function onstartFor(publicKey: string, script: string | undefined): string {
  const lines = [
    'export HOME="${HOME:-/root}" && cd "$HOME" || exit 1',
    'umask 077',
    'touch .no_auto_tmux',
    'mkdir -p .ssh',
    `k=${shellQuote(publicKey.trim())}`,
    'grep -qF "$k" .ssh/authorized_keys 2>/dev/null || echo "$k" >>.ssh/authorized_keys',
    `[ -z "$CONTAINER_API_KEY" ] || printf 'CONTAINER_ID=%s\\nCONTAINER_API_KEY=%s\\n' "$CONTAINER_ID" "$CONTAINER_API_KEY" >${selfFile}`,
    ...(script === undefined
      ? []
      : [
          `if [ ! -e ${startedFile} ]; then`,
          `touch ${startedFile}`,
          'umask 022',
          `s=$(echo ${gzipSync(script, { level: 9 }).toString('base64')} | base64 -d | gzip -dc)`,
          'nohup sh -c "$s" >/dev/null 2>&1 &',
          'fi',
        ]),
  ]
  const text = `${lines.join('\n')}\n`
  if (text.length <= mostCharacters) return text
  throw new SubletError(
    'invalid',
    `What the machine shall do at its first start is too long for Vast.ai: ${text.length} of ${mostCharacters} characters.`,
  )
}
