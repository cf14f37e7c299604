import type { Contract } from '../../../preload/contract/contract.ts'
import { proposeLauncher } from '../../domain/environment/torchrun.ts'
import { splitEnvironment } from '../../domain/shell-variables.ts'
import { propose } from '../../jobs/propose.ts'
import { understand } from '../../jobs/understand/understand.ts'
import { detailOf } from '../../jobs/views/detail.ts'
import { summaryOf } from '../../jobs/views/summary.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { accountNamed } from './account-named.ts'
import type { ServiceParts } from './context.ts'
import { forward } from './forward.ts'
import { jobLog } from './job-log.ts'
import { jobMetrics } from './job-metrics.ts'
import { sshRoute } from './ssh-route.ts'
import { stopAll } from './stop-all.ts'
import { watchJobs } from './watch-jobs.ts'

/** The handlers about jobs. */
export function jobHandlers(parts: ServiceParts): Handlers<Contract>['jobs'] {
  const { journal, desk, clientEnvironment } = parts
  return {
    propose: async ({ file, baseDir, environment }, { signal }) => {
      clientEnvironment.learn(environment)
      return propose(
        {
          clock: parts.clock,
          journal,
          providers: parts.providers,
          secrets: parts.secretStore,
          understand: (request, untilAborted) =>
            understand(request, untilAborted, {
              proposeTorchrun: proposeLauncher,
              isOutputTaken: (folder) =>
                journal.openJobs().some((job) => job.spec.outputDir === folder),
              accountId: (chosen) => accountNamed(parts.accounts, chosen),
            }),
        },
        { file, baseDir },
        signal,
      )
    },
    submit: async ({ environment, ...submission }, { signal }) => {
      clientEnvironment.learn(environment)
      const { shell } = splitEnvironment(environment)
      return { jobId: await desk.submit({ ...submission, environment: shell }, signal) }
    },
    list: async () => journal.jobs().map((job) => summaryOf(job, parts)),
    show: async ({ jobId }) => detailOf(journal.job(jobId), parts),
    stop: async ({ jobId, discard }) => {
      desk.requestStop(jobId, discard)
      return {}
    },
    stopAll: async ({ discard }) => stopAll(parts, discard),
    ssh: async ({ jobId }) => sshRoute(parts, jobId),
    forward: async (input, { signal }) => forward(parts, input, signal),
    watch: async ({ jobId }, { signal }) => watchJobs(parts, jobId, signal),
    log: async (input, { signal }) => jobLog(parts, input, signal),
    metrics: async (input, { signal }) => jobMetrics(parts, input, signal),
  }
}
