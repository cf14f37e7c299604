import type { EditorRoute } from '../../../preload/contract/job-actions.ts'
import { SubletError } from '../../domain/errors.ts'
import { lastAttempt } from '../../domain/job/record.ts'
import { remotePaths } from '../../jobs/remote-paths.ts'
import { sshAlias } from '../ssh-config-text.ts'
import type { ServiceParts } from './context.ts'
import { sshRoute } from './ssh-route.ts'

/** How an editor reaches the job's machine; fails with `conflict` while there is none. */
export async function editorRoute(
  parts: Pick<ServiceParts, 'journal' | 'paths' | 'machines' | 'sshConfig'>,
  { jobId, mayEditSshConfig }: { readonly jobId: string; readonly mayEditSshConfig: boolean },
  signal: AbortSignal,
): Promise<EditorRoute> {
  const { journal, machines, sshConfig } = parts
  sshRoute(parts, jobId)
  const job = journal.job(jobId)
  const attempt = lastAttempt(job)
  if (attempt === null) throw new SubletError('internal', `${jobId} has no attempt.`)
  // Also shows that the machine answers, before an editor opens and waits for it.
  const machine = await machines.connect(journal.rental(attempt.rentalId), signal)
  const { work } = remotePaths(machine.home, attempt.rentalId, attempt.id, job.spec)
  await sshConfig.write()
  if (mayEditSshConfig) await sshConfig.include()
  const alias = sshAlias(jobId, job.spec.name)
  return {
    alias,
    uri: `vscode://vscode-remote/ssh-remote+${alias}${work.split('/').map(encodeURIComponent).join('/')}`,
    command: `ssh ${alias}`,
    configFile: sshConfig.file,
    userConfigFile: sshConfig.userFile,
    includeLine: sshConfig.includeLine,
    included: await sshConfig.isIncluded(),
  }
}
