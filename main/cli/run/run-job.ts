import type { Proposal } from '../../../preload/contract/proposal.ts'
import { SubletError } from '../../domain/errors.ts'
import { type CliContext, engineAndEnvironment, say, sayJson } from '../context.ts'
import { proposalLines } from '../words/proposal-words.ts'
import { confirmRun } from './confirm.ts'
import { followToEnd } from './follow-to-end.ts'
import { jobRequest } from './job-request.ts'
import type { RunOptions } from './run-options.ts'

/** `sublet run`: understand, propose, ask once, submit, follow, and say what it cost. */
export async function runJob(
  context: CliContext,
  target: string | undefined,
  options: RunOptions,
): Promise<void> {
  const { io } = context
  const json = options.json === true
  const given = new AbortController()
  const stopListening = io.onInterrupt(() => given.abort())
  let submitted
  try {
    submitted = await proposeAndSubmit(context, target, options, given.signal)
  } catch (thrown) {
    if (given.signal.aborted) throw new SubletError('cancelled', 'Nothing was rented.')
    throw thrown
  } finally {
    stopListening()
  }
  if (json) sayJson(context, { type: 'submitted', job: submitted })
  else if (options.detach === true) {
    say(
      context,
      `Submitted ${submitted}. "sublet attach ${submitted}" follows it, "sublet stop ${submitted}" stops it.`,
    )
  } else say(context, `Submitted ${submitted}.`)
  if (options.detach === true) return
  await followToEnd(context, submitted, { json, interrupted: given.signal.aborted })
}

async function proposeAndSubmit(
  context: CliContext,
  target: string | undefined,
  options: RunOptions,
  signal: AbortSignal,
) {
  const request = await jobRequest(target, options, context.passedOn, context.io.cwd)
  const { api, environment } = await engineAndEnvironment(context)
  const proposal = await api.jobs.propose({ ...request, environment }, { signal })
  show(context, proposal, options)
  const acceptsNoLease = await confirmRun(context, proposal, options, signal)
  // From here on a Ctrl-C must not leave a job behind that nobody heard of.
  const { jobId } = await api.jobs.submit({
    spec: proposal.spec,
    ceiling: proposal.ceiling,
    acceptsNoLease,
    environment,
  })
  return jobId
}

function show(context: CliContext, proposal: Proposal, options: RunOptions): void {
  if (options.json !== true) {
    for (const line of proposalLines(proposal, context.io.now(), context.style)) say(context, line)
    return
  }
  const { understood, warnings, excluded, uploadBytes, estimate, ceiling, verdict } = proposal
  const offer = proposal.offers[0] ?? null
  sayJson(context, {
    type: 'proposal',
    understood,
    warnings,
    excluded,
    uploadBytes,
    offer,
    estimate,
    ceiling,
    verdict,
  })
}
