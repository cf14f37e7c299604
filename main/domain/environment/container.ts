import { shellQuote } from '../shell-quote.ts'

export interface ContainerInput {
  readonly image: string
  readonly gpus: 'all' | readonly number[] | null
  /** Folders beside the attempt's own that the job reads; absolute. */
  readonly mounts: readonly string[]
  /** Variables that the container gets, by name: values stay out of the argument list. */
  readonly names: readonly string[]
}

/**
 * Lines at the head of a run script that start the same script again inside the image. Paths are
 * the same on both sides; the container is named after the attempt, so that a stop finds it.
 */
export function containerLines({ image, gpus, mounts, names }: ContainerInput): string[] {
  const passed = [
    ...new Set([
      ...names,
      'SUBLET_ATTEMPT_ID',
      'SUBLET_RENTAL_ID',
      'SUBLET_ATTEMPT_DIR',
      'SUBLET_OUTPUT',
      'PYTHONUNBUFFERED',
    ]),
  ]
  const quoted = shellQuote(image)
  return [
    'if [ -z "${SUBLET_INSIDE:-}" ]; then',
    '  phase setup',
    '  mkdir -p "$ENVIRONMENTS" || exit 72',
    `  docker image inspect ${quoted} >/dev/null 2>&1 || docker pull --quiet ${quoted} || { code=$?; echo "sublet: the image could not be pulled; the job was not started."; exit $code; }`,
    // stdbuf's library is the machine's, and its indices are not the container's.
    '  unset LD_PRELOAD _STDBUF_O _STDBUF_E CUDA_VISIBLE_DEVICES CUDA_DEVICE_ORDER',
    '  name=sublet-$SUBLET_ATTEMPT_ID',
    `  printf '%s\\n' "$name" >"$SUBLET_ATTEMPT_DIR/container"`,
    '  docker rm -f "$name" >/dev/null 2>&1',
    '  set --',
    // A folder that is not there would be made by root.
    ...mounts.map(
      (path) => `  [ -d ${shellQuote(path)} ] && set -- "$@" -v ${shellQuote(`${path}:${path}`)}`,
    ),
    `  docker run --rm --init --name "$name" --ipc=host --ulimit memlock=-1 --ulimit stack=67108864 ${gpuOption(gpus)}\\`,
    '    -v "$SUBLET_ATTEMPT_DIR:$SUBLET_ATTEMPT_DIR" -v "$ENVIRONMENTS:$ENVIRONMENTS" "$@" \\',
    `    -w "$SUBLET_ATTEMPT_DIR/work" -e SUBLET_INSIDE=1 -e SUBLET_ENVIRONMENTS="$ENVIRONMENTS" ${passed.map((name) => `-e ${name}`).join(' ')} \\`,
    `    --entrypoint sh ${quoted} "$SUBLET_ATTEMPT_DIR/run"`,
    '  code=$?',
    // Root wrote the results; their owner must be able to read and remove them.
    '  if [ "$(id -u)" != 0 ]; then',
    `    docker run --rm --user 0 --entrypoint chown -v "$SUBLET_ATTEMPT_DIR:$SUBLET_ATTEMPT_DIR" -v "$ENVIRONMENTS:$ENVIRONMENTS" ${quoted} -R "$(id -u):$(id -g)" "$SUBLET_ATTEMPT_DIR" "$ENVIRONMENTS"`,
    '  fi',
    '  rm -f "$SUBLET_ATTEMPT_DIR/container"',
    '  exit $code',
    'fi',
  ]
}

function gpuOption(gpus: ContainerInput['gpus']): string {
  if (gpus === null || (gpus !== 'all' && gpus.length === 0)) return ''
  if (gpus === 'all') return '--gpus all '
  // Docker reads the value as CSV, so the list needs quotes of its own.
  return `--gpus '"device=${gpus.join(',')}"' `
}
