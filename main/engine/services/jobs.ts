import type { Contract } from '../../../preload/contract/contract.ts'
import { proposeLauncher } from '../../domain/environment/torchrun.ts'
import { splitEnvironment } from '../../domain/shell-variables.ts'
import { describeRequest } from '../../jobs/describe-request.ts'
import { extend, priceExtension } from '../../jobs/extend.ts'
import { proposeAgain } from '../../jobs/propose-again.ts'
import { propose } from '../../jobs/propose.ts'
import { SharedWeighing } from '../../jobs/shared-weighing.ts'
import { stopPreview } from '../../jobs/stop-preview.ts'
import { jobDefaults } from '../../jobs/understand/job-defaults.ts'
import { understand } from '../../jobs/understand/understand.ts'
import type { UnderstandRequest, Understood } from '../../jobs/understand/understood.ts'
import { detailOf } from '../../jobs/views/detail.ts'
import { summaryOf } from '../../jobs/views/summary.ts'
import { weighInputs } from '../../jobs/weigh-inputs.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { accountNamed } from './account-named.ts'
import type { ServiceParts } from './context.ts'
import { editorRoute } from './editor.ts'
import { forward } from './forward.ts'
import { jobLog } from './job-log.ts'
import { jobMetrics } from './job-metrics.ts'
import { jobOutputs } from './job-outputs.ts'
import { sshRoute } from './ssh-route.ts'
import { stopAll } from './stop-all.ts'
import { warnOfBudgets } from '../warn-of-budgets.ts'
import { watchJobs } from './watch-jobs.ts'

/** The handlers about jobs. */
export function jobHandlers(parts: ServiceParts): Handlers<Contract>['jobs'] {
  const { journal, desk, clientEnvironment } = parts
  const weighing = new SharedWeighing(weighInputs, parts.clock)
  const weigh: typeof weighInputs = (spec, signal) => weighing.weigh(spec, signal)
  return {
    understand: async (request, { signal }) =>
      describeRequest(await understandHere(parts, request, signal), signal, weigh),
    propose: async ({ environment, ...request }, { signal }) => {
      clientEnvironment.learn(environment)
      const { clock, providers, room, homeLink, secretStore: secrets } = parts
      const understandOne = (one: Request, untilAborted: AbortSignal) =>
        understandHere(parts, one, untilAborted)
      const deps = {
        clock,
        journal,
        providers,
        room,
        homeLink,
        secrets,
        hasBucket: () => parts.bucketStore.config() !== null,
        understand: understandOne,
        weigh,
      }
      return warnOfBudgets(parts, await propose(deps, request, signal))
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
    stopPreview: async ({ jobId }, { signal }) => stopPreview(parts, jobId, signal),
    extension: async (request) => priceExtension(parts, request),
    extend: async (request, { signal }) => extend(parts, request, signal),
    proposeAgain: async ({ jobId, environment }, { signal }) => {
      clientEnvironment.learn(environment)
      const again = {
        ...parts,
        secrets: parts.secretStore,
        hasBucket: () => parts.bucketStore.config() !== null,
      }
      return warnOfBudgets(parts, await proposeAgain(again, jobId, signal))
    },
    retry: async ({ jobId, outputDir, environment, ...confirmed }, { signal }) => {
      clientEnvironment.learn(environment)
      const spec = { ...journal.job(jobId).spec, outputDir }
      const { shell } = splitEnvironment(environment)
      const submission = { ...confirmed, spec, inputsOf: jobId, environment: shell }
      return { jobId: await desk.submit(submission, signal) }
    },
    outputs: async (input, { signal }) => jobOutputs(parts, input, signal),
    editor: async (input, { signal }) => editorRoute(parts, input, signal),
    stopAll: async ({ discard }) => stopAll(parts, discard),
    ssh: async ({ jobId }) => sshRoute(parts, jobId),
    forward: async (input, { signal }) => forward(parts, input, signal),
    watch: async ({ jobId }, { signal }) => watchJobs(parts, jobId, signal),
    log: async (input, { signal }) => jobLog(parts, input, signal),
    metrics: async (input, { signal }) => jobMetrics(parts, input, signal),
  }
}

type Request = Pick<UnderstandRequest, 'file' | 'baseDir'>

/** Reads a request with what this home knows: its accounts, and the folders that jobs write to. */
function understandHere(
  { journal, accounts, settings }: ServiceParts,
  request: Request,
  signal: AbortSignal,
): Promise<Understood> {
  const defaults = jobDefaults(settings.all().values)
  return understand({ ...request, defaults }, signal, {
    proposeTorchrun: proposeLauncher,
    isOutputTaken: (folder) => journal.openJobs().some((job) => job.spec.outputDir === folder),
    accountId: (chosen) => accountNamed(accounts, chosen),
  })
}
