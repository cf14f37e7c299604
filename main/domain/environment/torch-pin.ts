/** What a project asks of torch. */
export interface TorchPin {
  /** Exactly this release (`2.4.0`), as far as it is written; null lets pip take the newest. */
  readonly version: string | null
  /** CUDA of the wheels, from a `+cu121` tag or an index of pytorch.org; null: PyPI's choice. */
  readonly cuda: string | null
}

/** Finds torch in requirements.txt or pyproject.toml; null where it is not asked for. */
export function readTorchPin(files: {
  readonly requirementsTxt: string | null
  readonly pyproject: string | null
}): TorchPin | null {
  const text = files.requirementsTxt ?? files.pyproject
  if (text === null) return null
  const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*$/, ''))
  const asked = lines
    .flatMap((line) => (files.requirementsTxt === null ? quoted(line) : [line.trim()]))
    .find((requirement) => /^torch\s*(\[[^\]]*\]\s*)?([=<>!~;@]|$)/.test(requirement))
  if (asked === undefined) return null
  const [, release, tag] = /(?:===?|~=)\s*v?(\d+(?:\.\d+)*)(?:\.\*)?(?:\+(\w+))?/.exec(asked) ?? []
  const index = /download\.pytorch\.org\/whl\/(cu\d+)/.exec(lines.join('\n'))?.[1]
  return { version: release ?? null, cuda: cudaOfTag(tag ?? index) }
}

/** A TOML line's strings, and poetry's `torch = "2.4.0"` as a requirement. */
function quoted(line: string): string[] {
  const [, poetry] = /^\s*torch\s*=\s*["']([^"']*)["']/.exec(line) ?? []
  if (poetry !== undefined)
    return [/^\d/.test(poetry) ? `torch==${poetry}` : `torch ${poetry}`.replace(/\^|\*/, ';')]
  return Array.from(line.matchAll(/["']([^"']+)["']/g), (match) => (match[1] ?? '').trim())
}

/** `cu121` → `12.1`. */
function cudaOfTag(tag: string | undefined): string | null {
  const [, digits] = /^cu(\d{2,4})$/.exec(tag ?? '') ?? []
  return digits === undefined ? null : `${digits.slice(0, -1)}.${digits.slice(-1)}`
}
