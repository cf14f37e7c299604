/** Reads source text for hints. Nothing is executed, and a wrong guess only costs a flag. */

const gpuLibraries =
  'torch|torchvision|tensorflow|keras|jax|flax|cupy|transformers|diffusers|vllm|pytorch_lightning|lightning|accelerate|deepspeed|bitsandbytes|numba\\.cuda|pycuda|triton|cudf|cuml'
const pythonGpu = new RegExp(`^[ \\t]*(?:import|from)[ \\t]+(${gpuLibraries})\\b`, 'm')
const notebookGpu = new RegExp(`"[ \\t]*(?:import|from)[ \\t]+(${gpuLibraries})\\b`)
const rGpu = /\b(?:library|require)\(\s*["']?(torch|tensorflow|keras3?|luz)\b/
const otherGpu = /\b(nvidia-smi|nvcc|torchrun|accelerate launch|CUDA_VISIBLE_DEVICES)\b/

/** The library or tool by which a source shows that it wants a GPU, or null. */
export function gpuHint(source: string): string | null {
  for (const pattern of [pythonGpu, notebookGpu, rGpu, otherGpu]) {
    const found = pattern.exec(source)?.[1]
    if (found !== undefined) return found
  }
  return null
}

const longestImport = 2_000

/** First names of the modules that Python source imports; `.` for relative imports. */
export function importedModules(source: string): readonly string[] {
  const modules = new Set<string>()
  for (const line of source.split('\n')) {
    // Nobody writes such an import, and the patterns would search it for minutes.
    if (line.length > longestImport) continue
    const from = /^\s*from\s+(\.*)([\w.]*)\s+import\s+(.+)/.exec(line)
    if (from) {
      const name = (from[2] ?? '').split('.')[0] ?? ''
      if (name !== '') modules.add(name)
      else for (const part of (from[3] ?? '').split(',')) modules.add(firstWord(part))
      continue
    }
    const plain = /^\s*import\s+(.+)/.exec(line)
    for (const part of (plain?.[1] ?? '').split(',')) {
      const name = firstWord(part).split('.')[0] ?? ''
      if (name !== '') modules.add(name)
    }
  }
  return [...modules].filter((name) => /^\w+$/.test(name))
}

/** Whether the text names a file: as a whole word, not as a part of a longer name. */
export function mentions(source: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\w.-])${escaped}(?![\\w-])`).test(source)
}

/** Whether a Python module says that it is meant to be run. */
export function hasMainGuard(source: string): boolean {
  return /^if\s+__name__\s*==\s*["']__main__["']/m.test(source)
}

function firstWord(text: string): string {
  return text.trim().split(/[\s(#;]/)[0] ?? ''
}
