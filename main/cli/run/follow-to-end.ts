import type { JobDetail, JobSummary } from '../../../preload/contract/job.ts'
import type { JobId } from '../../../preload/contract/job-state.ts'
import type { Api } from '../api.ts'
import { type CliContext, say, sayJson } from '../context.ts'
import { exitCodeOfJob, exitCodes } from '../exit-codes.ts'
import type { JobView } from '../views/job-view.ts'
import { JsonView } from '../views/json-view.ts'
import { LiveView } from '../views/live-view.ts'
import { PlainView } from '../views/plain-view.ts'
import { endingLines } from '../words/ending-words.ts'
import { followJob } from './follow.ts'
import { listenForInterrupts } from './interrupts.ts'

/** Follows a job to its end, says how it ended, and sets the exit code: for `run` and `attach`. */
export async function followToEnd(
  context: CliContext,
  jobId: JobId,
  { json, interrupted = false }: { readonly json: boolean; readonly interrupted?: boolean },
): Promise<void> {
  const { io, engine } = context
  const view = viewFor(context, json)
  const interrupts = listenForInterrupts(context, jobId, view, io.canAsk && !json)
  let ended: JobSummary | null
  if (interrupted) interrupts.interrupt()
  try {
    ended = await followJob(engine, jobId, view, interrupts.leave)
  } finally {
    interrupts.stopListening()
    view.end()
  }
  if (ended === null) {
    const sentence = `Left running: "sublet attach ${jobId}" follows it again, "sublet stop ${jobId}" stops it.`
    if (json) sayJson(context, { type: 'left', job: jobId, sentence })
    else say(context, sentence)
    context.setExitCode(interrupts.leftInHaste() ? exitCodes.cancelled : 0)
    return
  }
  const detail = await engine.throughLosses((api) => api.jobs.show({ jobId }), {
    signal: new AbortController().signal,
  })
  const exitCode = exitCodeOfJob(detail.summary)
  if (json) sayJson(context, doneEvent(detail, exitCode))
  else {
    const names = await providerNames(await engine.api())
    for (const line of endingLines(detail, names, io.now(), context.style)) say(context, line)
  }
  context.setExitCode(exitCode)
}

/** The last line of `run --json`. */
function doneEvent(detail: JobDetail, exitCode: number): Readonly<Record<string, unknown>> {
  const { summary, estimate, receipts, outputs, overhead } = detail
  return {
    type: 'done',
    job: summary.id,
    state: summary.state,
    exitCode,
    costMicros: summary.costMicros,
    receipt: receipts.at(-1) ?? null,
    settled: summary.settled,
    estimateMicros: estimate?.expectedMicros ?? null,
    outputDir: summary.outputDir,
    outputs,
    overhead,
    error: summary.error,
  }
}

/** What providers are called; an id that is unknown stands for itself. */
export async function providerNames(api: Api): Promise<(id: string) => string> {
  const names = new Map((await api.accounts.providers({})).map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? id
}

function viewFor({ io, style }: CliContext, json: boolean): JobView {
  if (json) return new JsonView(io)
  return io.canRedraw ? new LiveView(io, style) : new PlainView(io)
}
