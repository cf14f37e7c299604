import type { MachineFacts } from '../../main/domain/machine-facts.ts'

/** A plain Linux machine with python3 and uv and without GPU; `changes` make it another one. */
export function factsOf(changes: Partial<MachineFacts> = {}): MachineFacts {
  return {
    os: 'Linux',
    arch: 'x86_64',
    gpus: [],
    driverVersion: null,
    cudaVersion: null,
    diskFreeBytes: 1e11,
    memoryBytes: 1e10,
    vcpus: 4,
    python: { version: '3.11.4', venv: true, pip: true },
    torch: null,
    docker: { usable: false, nvidia: false },
    tools: {
      uv: true,
      rscript: false,
      jupyter: false,
      bash: true,
      sha256sum: true,
      tar: true,
      zstd: true,
      setsid: true,
    },
    ...changes,
  }
}
