import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import { SubletError } from '../errors.ts'
import type { MachineFacts } from '../machine-facts.ts'
import { shellQuote } from '../shell-quote.ts'
import { pythonSetup } from './python-setup.ts'
import { pointsIntoWorkFolder, type WorkFiles } from './work-files.ts'

export interface SetupInput {
  readonly spec: Pick<JobSpec, 'entry' | 'setup' | 'environment' | 'needs'>
  readonly facts: MachineFacts
  readonly files: WorkFiles
  readonly attemptId: string
  /** SHA-256 in hex; the domain has no crypto of its own. */
  readonly sha256: (text: string) => string
}

export interface SetupPlan {
  /** sh lines that make the environment in `$E`; empty where nothing is to be done. */
  readonly script: string
  /** Names `~/.sublet/environments/<hash>`; the same hash is not set up twice on a machine. */
  readonly hash: string | null
  /** What happens, a sentence each. */
  readonly steps: readonly string[]
  /** Commands that every container needs anew, because it starts from its image. */
  readonly everyTime: string
  readonly hasVenv: boolean
  readonly hasRLibrary: boolean
}

/**
 * Plans the set-up of a job on a machine. Fails with `unsupported` and a sentence where the machine
 * cannot run it: an image without Docker or without the NVIDIA runtime, R without Rscript.
 */
export function buildSetup(input: SetupInput): SetupPlan {
  const { spec, facts, files } = input
  const image = spec.environment.kind === 'image' ? spec.environment.image : null
  refuseImpossible(spec, facts)
  const python = pythonSetup(spec, image === null ? facts : null, files)
  const renv = files.renvLock !== null && spec.entry.kind === 'r'
  const venvFirst = python === null ? [] : ['PATH="$E/venv/bin:$PATH"']
  const commands = spec.setup.map(echoed)
  const hashed = [
    ...(python?.create ?? []),
    ...(image === null && commands.length > 0 ? [...venvFirst, ...commands] : []),
    ...(python?.install ?? []),
    ...(renv ? renvLines : []),
  ].join('\n')
  return {
    script: hashed,
    hash: hashed === '' ? null : input.sha256(recipe(input, hashed, image)).slice(0, 16),
    steps: [
      ...(image === null ? [] : [`Running in the container image ${image}`]),
      ...spec.setup.map((command) => `Set-up command: ${command}`),
      ...(python?.steps ?? []),
      ...(renv ? ['Restoring renv.lock'] : []),
    ],
    everyTime:
      image === null || commands.length === 0 ? '' : [...venvFirst, ...commands].join('\n'),
    hasVenv: python !== null,
    hasRLibrary: renv,
  }
}

/** All that decides what the environment becomes. */
function recipe(
  { facts, files, attemptId }: SetupInput,
  script: string,
  image: string | null,
): string {
  return JSON.stringify([
    script,
    files,
    image,
    image === null ? [facts.arch, facts.python?.version, facts.torch] : null,
    pointsIntoWorkFolder(files) ? attemptId : null,
  ])
}

/** Shown in the log before it runs. */
function echoed(command: string): string {
  return `printf '%s\\n' ${shellQuote(`+ ${command}`)}\n${command}`
}

const renvLines = [
  'mkdir -p "$E/rlib"',
  `R_LIBS_USER="$E/rlib" Rscript -e 'lib <- Sys.getenv("R_LIBS_USER"); repos <- "https://cloud.r-project.org"; if (!requireNamespace("renv", quietly = TRUE)) install.packages("renv", lib = lib, repos = repos); renv::restore(lockfile = "renv.lock", library = lib, prompt = FALSE)'`,
]

function refuseImpossible(spec: SetupInput['spec'], facts: MachineFacts): void {
  if (spec.environment.kind === 'image') {
    const { image } = spec.environment
    if (!facts.docker.usable) {
      throw new SubletError(
        'unsupported',
        `The image ${image} cannot run on this machine, because its user cannot use Docker there; choose a machine with Docker, or run without --image.`,
      )
    }
    if (wantsGpu(spec, facts) && !facts.docker.nvidia) {
      throw new SubletError(
        'unsupported',
        `The image ${image} would not see the GPU of this machine, because its Docker lacks the NVIDIA runtime; choose another machine, or run without --image.`,
      )
    }
    return
  }
  if (spec.entry.kind === 'r' && !facts.tools.rscript && spec.setup.length === 0) {
    throw new SubletError(
      'unsupported',
      `${spec.entry.path} needs R, which this machine lacks; use --image r-base, or install it with --setup 'apt-get install -y r-base'.`,
    )
  }
}

/** A GPU that is there is given to the job, unless it asked for none. */
export function wantsGpu(spec: Pick<JobSpec, 'needs'>, facts: MachineFacts): boolean {
  return facts.gpus.length > 0 && spec.needs.gpus !== 0
}
