import { createHash } from 'node:crypto'
import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import { buildRun } from '../../domain/environment/run-script.ts'
import { buildSetup } from '../../domain/environment/setup.ts'
import { SubletError } from '../../domain/errors.ts'
import { probeMachine } from '../../machine/probe.ts'
import { Supervisor } from '../../machine/supervisor/supervisor.ts'
import { beside } from '../beside.ts'
import { loadInputs } from '../inputs.ts'
import { keepLeased } from '../keep-leased.ts'
import { LeaseTurn } from '../lease-turn.ts'
import { remotePaths } from '../remote-paths.ts'
import { tellSilence } from '../tell-silence.ts'
import { readWorkFiles } from '../work-files.ts'
import { connectTo } from './connect-to.ts'
import type { StepContext } from './context.ts'
import { refuseIfGone } from './gone.ts'
import { sendInputs } from './send-inputs.ts'
import { sendResume } from './send-resume.ts'

/** `upload`; a machine that goes meanwhile sends the job to the next offer. */
export async function stage(context: StepContext): Promise<void> {
  try {
    await upload(context)
  } catch (thrown) {
    context.signal.throwIfAborted()
    await refuseIfGone(context, thrown)
    throw thrown
  }
}

/**
 * Uploads the inputs, prepares the attempt and starts the job. Every part is idempotent, so that a
 * cut or a crash at any line sends only what is missing and starts the job once.
 */
async function upload(context: StepContext): Promise<void> {
  const { signal, secrets } = context
  const attempt = context.attempt()
  const job = context.job()
  const rental = context.rental()
  const machine = await connectTo(context)
  const supervisor = new Supervisor(machine)
  const known = await supervisor.attemptStatus(attempt.id, { signal })
  const inputs = await loadInputs(context.paths.inputs(context.jobId))
  const paths = remotePaths(machine.home, rental.id, attempt.id, job.spec)
  if (known.state === 'absent' || known.state === 'prepared') {
    const resume = job.interruptions > 0
    const spec = insideMachine(context, job.spec)
    const facts = rental.facts ?? (await probeMachine(machine, { signal }))
    const setup = buildSetup({
      spec,
      facts,
      files: await readWorkFiles(inputs.code),
      attemptId: attempt.id,
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
    })
    const turn = new LeaseTurn()
    const sent = await beside(
      context,
      [
        (side) => keepLeased(context, machine, turn, side),
        (side) => tellSilence(context, machine, side),
      ],
      machine.lost,
      async () => {
        const done = await sendInputs(context, machine, inputs, paths)
        if (resume) await sendResume(context, machine, paths)
        return done
      },
    )
    context.append({ kind: 'staged', attemptId: attempt.id, ...sent })
    await supervisor.prepareAttempt(
      {
        attemptId: attempt.id,
        rentalId: rental.id,
        runScript: buildRun({
          spec,
          setup,
          facts,
          jobId: job.id,
          dataPath: paths.data,
          mounts: [paths.files],
          gpus: rental.gpuIndices,
          resume,
        }),
        gpus: rental.gpuIndices,
        checkpointSignal: job.spec.checkpointSignal,
      },
      { signal },
    )
    const environment = { ...job.spec.env, ...(await secrets.read(job.spec.secrets)) }
    const started = await supervisor.startAttempt(attempt.id, environment, { signal })
    if (started.state === 'absent' || started.state === 'prepared') {
      throw new SubletError('unavailable', `The job could not be started on ${machine.label}.`)
    }
  }
  context.append({ kind: 'started', attemptId: attempt.id })
}

/** What the machine has to do itself: nothing about an image that it was started from. */
function insideMachine(context: StepContext, spec: JobSpec): JobSpec {
  const { image } = context.providers.capabilities(context.rental().offer.providerId)
  return image === true ? { ...spec, environment: { kind: 'machine' } } : spec
}
