import { SubletError } from '../domain/errors.ts'
import type { GpuFacts, MachineFacts } from '../domain/machine-facts.ts'
import type { ExecOptions, Machine } from './machine.ts'
import { probeScript } from './probe-script.ts'

export type { MachineFacts } from '../domain/machine-facts.ts'

/** In a login shell, as jobs run: its PATH has the conda or pyenv that the user expects. */
const command =
  's=$(cat); if command -v bash >/dev/null 2>&1; then exec bash -lc "$s" </dev/null; else exec sh -lc "$s" </dev/null; fi'

/**
 * Looks at a machine, in one round trip and without changing it. `unsupported` for what is no
 * Unix, `unreachable` on a cut.
 */
export async function probeMachine(
  machine: Machine,
  options: ExecOptions = {},
): Promise<MachineFacts> {
  const result = await machine.exec(command, { timeoutMs: 60_000, ...options, stdin: probeScript })
  const facts = parseProbe(result.stdout)
  if (facts !== null) return facts
  throw new SubletError(
    'unsupported',
    `${machine.label} does not answer like a Unix machine; Sublet needs Linux with a POSIX shell there.`,
    { nativeCode: result.stderr.trim().slice(-400) },
  )
}

/** Reads the probe's lines; null when they are none. Strange values become null. */
export function parseProbe(stdout: string): MachineFacts | null {
  const values = new Map<string, string>()
  const gpus: GpuFacts[] = []
  const tools = new Set<string>()
  let driverVersion: string | null = null
  for (const line of stdout.slice(0, 256 * 1024).split('\n')) {
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? []
    if (key === undefined || value === undefined) continue
    if (key === 'tool') tools.add(value)
    else if (key === 'gpu' || key === 'amd') {
      const fields = value.split(',').map((field) => field.trim())
      const gpu = readGpu(key, fields)
      if (gpu !== null && gpus.length < 64) gpus.push(gpu)
      if (key === 'gpu') driverVersion ??= version(fields[3])
    } else values.set(key, value.trim())
  }
  const os = values.get('os')
  const arch = values.get('arch')
  if (!os || !arch) return null
  const python = version(values.get('python'))
  const torch = values.get('torch')
  return {
    os,
    arch,
    gpus,
    driverVersion,
    cudaVersion: version(values.get('cuda')),
    diskFreeBytes: times(values.get('diskFreeKib'), 1024),
    memoryBytes: times(values.get('memoryKib'), 1024),
    vcpus: times(values.get('vcpus'), 1),
    python:
      python === null
        ? null
        : { version: python, venv: values.get('venv') === 'yes', pip: values.get('pip') === 'yes' },
    torch:
      torch === undefined || !/^\d+\.\d+/.test(torch)
        ? null
        : { version: torch.slice(0, 60), cuda: version(values.get('torchCuda')) },
    docker: {
      usable: values.get('docker') === 'yes',
      nvidia: values.get('docker') === 'yes' && values.get('dockerNvidia') === 'yes',
    },
    tools: {
      uv: tools.has('uv'),
      rscript: tools.has('Rscript'),
      jupyter: tools.has('jupyter'),
      bash: tools.has('bash'),
      sha256sum: tools.has('sha256sum'),
      tar: tools.has('tar'),
      zstd: tools.has('zstd'),
      setsid: tools.has('setsid'),
    },
  }
}

function readGpu(key: 'gpu' | 'amd', fields: readonly string[]): GpuFacts | null {
  const index = times(fields[0], 1)
  if (index === null) return null
  return {
    index,
    vendor: key === 'amd' ? 'amd' : 'nvidia',
    name: (fields[1] ?? '').slice(0, 100),
    vramMib: times(fields[2], 1),
    computeCapability: key === 'amd' ? null : version(fields[4]),
  }
}

function version(text: string | undefined): string | null {
  return text !== undefined && /^\d+(\.\d+){0,4}$/.test(text) ? text : null
}

function times(text: string | undefined, factor: number): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) * factor : null
}
