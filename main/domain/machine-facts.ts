/** A GPU as the machine's own tool names it. */
export interface GpuFacts {
  /** nvidia-smi's index, which is PCI order. */
  readonly index: number
  readonly vendor: 'nvidia' | 'amd'
  readonly name: string
  readonly vramMib: number | null
  /** `9.0`; null for AMD and for drivers that do not tell. */
  readonly computeCapability: string | null
}

/** What a probe found on a machine. Null is unknown or absent; nothing is guessed. */
export interface MachineFacts {
  readonly os: string
  readonly arch: string
  readonly gpus: readonly GpuFacts[]
  /** Of the NVIDIA driver, `550.54.15`. */
  readonly driverVersion: string | null
  /** The newest CUDA that the driver runs, `12.4`. */
  readonly cudaVersion: string | null
  /** Of the file system that holds the home folder. */
  readonly diskFreeBytes: number | null
  readonly memoryBytes: number | null
  readonly vcpus: number | null
  /** The `python3` of a login shell. */
  readonly python: {
    readonly version: string
    /** False where `python3 -m venv` lacks ensurepip, as on Debian without python3-venv. */
    readonly venv: boolean
    readonly pip: boolean
  } | null
  /** As installed for that python, read without importing it. */
  readonly torch: { readonly version: string; readonly cuda: string | null } | null
  readonly docker: { readonly usable: boolean; readonly nvidia: boolean }
  readonly tools: {
    readonly uv: boolean
    readonly rscript: boolean
    readonly jupyter: boolean
    readonly bash: boolean
    readonly sha256sum: boolean
    readonly tar: boolean
    readonly zstd: boolean
    readonly setsid: boolean
  }
}
