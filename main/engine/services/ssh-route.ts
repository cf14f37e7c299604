import { SubletError } from '../../domain/errors.ts'
import { lastAttempt } from '../../domain/job/record.ts'
import type { HomePaths } from '../../jobs/home-paths.ts'
import type { Journal } from '../../jobs/journal/journal.ts'
import { remotePaths } from '../../jobs/remote-paths.ts'

const plainHost = /^[A-Za-z0-9:.][\w.:%-]*$/
const plainUser = /^[A-Za-z0-9_][\w.@+\\-]*\$?$/

/**
 * Both come from a provider and go into the user's SSH configuration and commands, where a line
 * end, an option or a shell's characters would run programs on this computer.
 */
function refuseOddNames(host: string, user: string): void {
  if (plainHost.test(host) && plainUser.test(user)) return
  throw new SubletError(
    'unsupported',
    `The machine's address ${JSON.stringify(`${user}@${host}`)} is none that ssh is given: release the machine, and tell its provider.`,
  )
}

/** How the system's ssh reaches the job's machine; `conflict` while there is none. */
export function sshRoute(
  parts: { readonly journal: Journal; readonly paths: HomePaths },
  jobId: string,
) {
  const attempt = lastAttempt(parts.journal.job(jobId))
  const rental = attempt === null ? null : parts.journal.rental(attempt.rentalId)
  if (attempt === null || rental === null || rental.phase !== 'up' || rental.ssh === null) {
    throw new SubletError('conflict', `${jobId} has no machine that can be reached now.`)
  }
  const { host, port, user, identityFile, jumps } = rental.ssh
  refuseOddNames(host, user)
  const usesAgent = rental.ssh.useAgent === true && identityFile === undefined
  return {
    host,
    port,
    user,
    identityFile: identityFile ?? (usesAgent ? null : parts.paths.rentalKey(rental.id)),
    knownHostsFile: parts.paths.knownHosts(rental.id),
    jumps: (jumps ?? []).map((jump) => `${jump.user}@${jump.host}:${jump.port}`),
    workDir: remotePaths('~', rental.id, attempt.id, parts.journal.job(jobId).spec).work,
  }
}
