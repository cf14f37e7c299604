import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import type { MachineFacts } from '../machine-facts.ts'
import { shellQuote } from '../shell-quote.ts'
import { containerLines } from './container.ts'
import { entryCommand } from './entry-command.ts'
import { wantsGpu, type SetupPlan } from './setup.ts'

export interface RunInput {
  readonly spec: Pick<JobSpec, 'entry' | 'environment' | 'env' | 'secrets' | 'needs'>
  readonly setup: SetupPlan
  readonly facts: MachineFacts
  readonly jobId: string
  /** Absolute path of `$SUBLET_DATA` on the machine. */
  readonly dataPath: string
  /** More absolute folders that a container must see, such as what links in the data point to. */
  readonly mounts?: readonly string[]
  /** Indices given to the job; null: all. */
  readonly gpus: readonly number[] | null
  /** A retry that finds mirrored checkpoints in its output folder. */
  readonly resume: boolean
}

/**
 * The script that the supervisor starts as the job: environment, set-up (phase `setup`), then the
 * command (phase `running`) in a login shell, as the main process. Secrets come by the
 * supervisor's environment and are not in it. An exit in phase `setup` is the set-up's failure.
 */
export function buildRun(input: RunInput): string {
  const { spec, setup, jobId, dataPath, resume } = input
  const variables: Record<string, string> = {
    ...spec.env,
    SUBLET_JOB_ID: jobId,
    SUBLET_DATA: dataPath,
    SUBLET_RESUME: resume ? '1' : '0',
  }
  const exports = Object.entries(variables).map(
    ([name, value]) => `export ${name}=${shellQuote(value)}`,
  )
  const container =
    spec.environment.kind === 'image'
      ? containerLines({
          image: spec.environment.image,
          gpus: wantsGpu(spec, input.facts) ? (input.gpus ?? 'all') : null,
          mounts: [dataPath, ...(input.mounts ?? [])],
          names: [...Object.keys(variables), ...spec.secrets],
        })
      : []
  return [
    '#!/bin/sh',
    ': "${SUBLET_ATTEMPT_DIR:?is set by the supervisor}"',
    ...exports,
    'export SUBLET_OUTPUT="$SUBLET_ATTEMPT_DIR/output"',
    'ENVIRONMENTS=${SUBLET_ENVIRONMENTS:-$HOME/.sublet/environments}',
    'cd "$SUBLET_ATTEMPT_DIR/work" || exit 72',
    `phase() { printf '%s\\n' "$1" >"$SUBLET_ATTEMPT_DIR/phase"; }`,
    ...container,
    'if command -v bash >/dev/null 2>&1; then SUBLET_SHELL=bash; else SUBLET_SHELL=sh; fi',
    // A profile inside an image would undo the image's own PATH.
    'if [ -z "${SUBLET_INSIDE:-}" ]; then SUBLET_SHELL="$SUBLET_SHELL -l"; fi',
    ...setupLines(setup),
    ...everyTimeLines(setup),
    'phase running',
    ...environmentLines(setup),
    // Profiles set PATH anew and may change the folder, so both are put right inside.
    `exec $SUBLET_SHELL -c ${shellQuote(`${inside}${entryCommand(spec.entry)}`)}`,
    '',
  ].join('\n')
}

const inside = [
  'cd "$SUBLET_ATTEMPT_DIR/work" || exit 72',
  '[ -n "${SUBLET_VENV:-}" ] && PATH="$SUBLET_VENV/bin:$PATH" && export PATH VIRTUAL_ENV="$SUBLET_VENV"',
  '[ -d src ] && [ -e pyproject.toml ] && export PYTHONPATH="$PWD/src${PYTHONPATH:+:$PYTHONPATH}"',
  'unset SUBLET_VENV SUBLET_SHELL SUBLET_INSIDE SUBLET_ENVIRONMENTS',
  '',
].join('\n')

/** One set-up at a time for one hash; what a failed one left is removed by the next. */
function setupLines(setup: SetupPlan): string[] {
  if (setup.hash === null) return []
  return [
    `E=$ENVIRONMENTS/${setup.hash}`,
    'export E',
    'mkdir -p "$ENVIRONMENTS" || exit 72',
    'phase setup',
    'waited=0',
    'until [ -f "$E/done" ] || mkdir "$E.lock" 2>/dev/null; do',
    '  owner=$(cat "$E.lock/pid" 2>/dev/null)',
    '  if [ -n "$owner" ]; then kill -0 "$owner" 2>/dev/null || rm -rf "$E.lock"; fi',
    // A lock without owner is one whose maker died between two lines.
    '  [ -n "$owner" ] || waited=$((waited + 1))',
    '  [ $waited -gt 20 ] && rm -rf "$E.lock" && waited=0',
    '  sleep 0.5 2>/dev/null || sleep 1',
    'done',
    'if [ ! -f "$E/done" ]; then',
    '  echo $$ >"$E.lock/pid"',
    '  rm -rf "$E"',
    '  mkdir -p "$E" || exit 72',
    `  $SUBLET_SHELL -c ${shellQuote(`cd "$SUBLET_ATTEMPT_DIR/work" || exit 72\nset -e\n${setup.script}`)} || {`,
    '    code=$?',
    '    rm -rf "$E.lock"',
    '    echo "sublet: the set-up failed with exit code $code; the job was not started."',
    '    exit $code',
    '  }',
    '  : >"$E/done"',
    'fi',
    'rm -rf "$E.lock"',
  ]
}

function everyTimeLines(setup: SetupPlan): string[] {
  if (setup.everyTime === '') return []
  return [
    'phase setup',
    `$SUBLET_SHELL -c ${shellQuote(`cd "$SUBLET_ATTEMPT_DIR/work" || exit 72\nset -e\n${setup.everyTime}`)} || exit $?`,
  ]
}

function environmentLines(setup: SetupPlan): string[] {
  return [
    ...(setup.hasVenv ? ['export SUBLET_VENV="$E/venv"'] : []),
    ...(setup.hasRLibrary ? ['export R_LIBS_USER="$E/rlib"'] : []),
    'unset E',
  ]
}
