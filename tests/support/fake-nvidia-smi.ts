import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface FakeGpu {
  readonly name: string
  readonly memoryMiB: number
}

/**
 * Puts an nvidia-smi into `home/bin` that answers the inventory's and the probe's questions. Lines "index pid" in
 * `home/gpu-apps` are programs that use a GPU.
 */
export async function installFakeNvidiaSmi(home: string, gpus: readonly FakeGpu[]): Promise<void> {
  const rows = gpus.map(
    ({ name, memoryMiB }, index) => `${index}, GPU-${index}, ${name}, ${memoryMiB}`,
  )
  const probed = gpus.map(
    ({ name, memoryMiB }, index) => `${index}, ${name}, ${memoryMiB}, 550.54.15, 8.0`,
  )
  const path = join(home, 'bin', 'nvidia-smi')
  await writeFile(
    path,
    `#!/bin/sh
case "$*" in
  *--query-gpu=index,uuid,name,memory.total*--format=csv,noheader,nounits*)
    cat <<'ROWS'
${rows.join('\n')}
ROWS
    ;;
  *--query-gpu=index,name,memory.total,driver_version,compute_cap*)
    cat <<'ROWS'
${probed.join('\n')}
ROWS
    ;;
  *--query-compute-apps=gpu_uuid,pid*)
    [ -f "$HOME/gpu-apps" ] && while read -r gpu pid; do echo "GPU-$gpu, $pid"; done <"$HOME/gpu-apps"
    exit 0 ;;
  *) echo "fake nvidia-smi: $*" >&2; exit 2 ;;
esac
`,
  )
  await chmod(path, 0o755)
}
