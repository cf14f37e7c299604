import { SubletError } from '../../domain/errors.ts'
import { lastAttempt } from '../../domain/job/record.ts'
import type { HomePaths } from '../../jobs/home-paths.ts'
import type { Journal } from '../../jobs/journal/journal.ts'
import { remotePaths } from '../../jobs/remote-paths.ts'

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
