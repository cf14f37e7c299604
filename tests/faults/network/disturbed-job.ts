import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import { randomFile } from '../../support/random-file.ts'
import type { SceneOptions } from './scene-options.ts'

/** Writes the job of a scene, with its data: its log tells what it does, its results are its data. */
export async function writeDisturbedJob(scene: {
  readonly base: string
  readonly input: string
  readonly output: string
  readonly starts: string
  readonly gate: string
  readonly options: SceneOptions
}): Promise<JobFile> {
  const { base, input, output, starts, gate, options } = scene
  const code = join(base, 'code')
  await mkdir(code)
  await mkdir(input)
  await writeFile(join(code, 'job.sh'), script)
  for (const [index, bytes] of (options.sizes ?? [3_000_000, 20_000, 700]).entries()) {
    randomFile(join(input, `file-${index}.bin`), bytes)
  }
  return {
    name: 'disturbed',
    script: join(code, 'job.sh'),
    code,
    data: [{ path: input, name: 'in' }],
    output,
    provider: 'sandbox',
    gpus: 0,
    keepWarm: '0',
    // Less than what a clock that is set moves engine time by, at its speed.
    maxDuration: '16h',
    env: { STARTS: starts, GATE: gate, LOG_LINES: String(options.logLines ?? 0) },
  }
}

/** Until the gate opens it says what it has counted, and a tick goes where nothing travels. */
const script = `echo start >> "$STARTS"
i=0
while [ $i -lt "$LOG_LINES" ]; do i=$((i+1)); echo "$i of a long log that is told at once: $((i * 7919))"; done
i=0
while [ ! -e "$GATE" ]; do
  i=$((i+1)); echo "waited $i"
  printf . >> "\${STARTS%starts}ticks"
  sleep 0.1
done
cp -R "$SUBLET_DATA/in/." "$SUBLET_OUTPUT/"
echo "finished after $i"
`
