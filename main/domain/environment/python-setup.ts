import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import type { MachineFacts } from '../machine-facts.ts'
import { readTorchPin } from './torch-pin.ts'
import { imageTorchFits } from './torch-warnings.ts'
import { asksForPackages, type WorkFiles } from './work-files.ts'

/** sh lines; `$E` is the environment's folder, the current folder is the work folder. */
export interface PythonSetup {
  /** Makes `$E/venv`. The user's set-up commands come between, with it first on the PATH. */
  readonly create: readonly string[]
  readonly install: readonly string[]
  readonly steps: readonly string[]
}

/** Installs uv for this user when it is missing; without network, pip does the work. */
const findUv = `
PATH="$HOME/.local/bin:$HOME/.sublet/bin:$PATH"
if ! command -v uv >/dev/null 2>&1; then
  echo "sublet: installing uv"
  python3 -m pip install --user --quiet uv 2>/dev/null ||
    python3 -m pip install --user --quiet --break-system-packages uv 2>/dev/null ||
    { curl -LsSf https://astral.sh/uv/install.sh 2>/dev/null || wget -qO- https://astral.sh/uv/install.sh 2>/dev/null; } |
      env UV_INSTALL_DIR="$HOME/.sublet/bin" UV_NO_MODIFY_PATH=1 sh >/dev/null 2>&1 || true
fi`.trim()

/** Requirements out of pyproject.toml without building the project, whose code may differ next time. */
const dependenciesOfPyproject = `
"$E/venv/bin/python" - >"$E/requirements.txt" <<'PYTHON'
try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file).get("project", {})
print("\\n".join(project.get("dependencies", [])))
PYTHON`.trim()

const pip = '"$E/venv/bin/python" -m pip install --quiet --disable-pip-version-check'

/**
 * The Python part of a set-up, or null where plain python3 is enough. A torch that the machine
 * brings and that answers the pin stays visible and is used; pip honours it, uv would not
 * ("uv pip" takes no packages of the base environment into account). Null facts: in a container,
 * where nothing was probed and what the image brings must stay visible.
 */
export function pythonSetup(
  spec: Pick<JobSpec, 'entry' | 'setup'>,
  facts: MachineFacts | null,
  files: WorkFiles,
): PythonSetup | null {
  const packages = asksForPackages(files)
  const notebook = spec.entry.kind === 'notebook'
  const kernel = notebook && (packages || facts === null || !facts.tools.jupyter)
  const python = spec.entry.kind === 'python' || notebook
  const noPython = python && facts !== null && facts.python === null
  // Newer systems refuse pip outside of an environment.
  const pipCommands = spec.setup.some((command) => /\bpip3?\s+install\b/.test(command))
  if (!packages && !kernel && !noPython && !pipCommands) return null
  const ownTorch = facts !== null && imageTorchFits(readTorchPin(files), facts)
  const share = !noPython && (ownTorch || facts === null || !packages)
  const torchNote = ownTorch ? `, with the machine's own torch ${facts.torch?.version ?? ''}` : ''
  return {
    create: share ? sharedVenv() : freshVenv(),
    install: [
      ...(packages ? install(files, share) : []),
      ...(kernel ? [installLine(share, 'nbconvert ipykernel')] : []),
    ],
    steps: [
      ...(noPython ? ['Installing Python, which the machine lacks'] : []),
      ...(packages ? [`Installing ${sourceOf(files)}${torchNote}`] : []),
      ...(kernel ? ['Installing nbconvert and ipykernel, which run the notebook'] : []),
    ],
  }
}

function sharedVenv(): string[] {
  return [
    'if python3 -c "import ensurepip, venv" 2>/dev/null; then',
    '  python3 -m venv --system-site-packages "$E/venv"',
    'else',
    findUv,
    '  uv venv --quiet --seed --system-site-packages --python python3 "$E/venv"',
    'fi',
  ]
}

function freshVenv(): string[] {
  return [
    findUv,
    'if command -v uv >/dev/null 2>&1; then',
    '  if command -v python3 >/dev/null 2>&1; then uv venv --quiet --seed --python python3 "$E/venv"; else uv venv --quiet --seed "$E/venv"; fi',
    'else',
    '  python3 -m venv "$E/venv"',
    'fi',
  ]
}

function install(files: WorkFiles, share: boolean): string[] {
  // For the driver that is there; a release or index that the user chose must win.
  const pin = readTorchPin(files)
  const backend = pin !== null && pin.version === null && pin.cuda === null && !share
  const first = backend ? ['export UV_TORCH_BACKEND=auto'] : []
  if (files.requirementsTxt !== null) return [...first, installLine(share, '-r requirements.txt')]
  if (files.uvLock !== null && !share) {
    return [
      'if command -v uv >/dev/null 2>&1; then',
      '  uv export --quiet --frozen --no-emit-project --no-hashes --output-file "$E/requirements.txt" >/dev/null',
      'else',
      dependenciesOfPyproject,
      'fi',
      installLine(share, '-r "$E/requirements.txt"'),
    ]
  }
  const standard = /^\[project\]/m.test(files.pyproject ?? '')
  const dynamic = /^\s*dynamic\s*=.*dependencies/m.test(files.pyproject ?? '')
  if (!standard || dynamic) return [...first, installLine(share, '.')]
  return [...first, dependenciesOfPyproject, installLine(share, '-r "$E/requirements.txt"')]
}

function installLine(share: boolean, what: string): string {
  if (share) return `${pip} ${what}`
  return [
    'if command -v uv >/dev/null 2>&1; then',
    `  uv pip install --quiet --python "$E/venv/bin/python" ${what}`,
    'else',
    `  ${pip} ${what}`,
    'fi',
  ].join('\n')
}

function sourceOf(files: WorkFiles): string {
  if (files.requirementsTxt !== null) return 'requirements.txt'
  return files.uvLock === null ? 'the dependencies of pyproject.toml' : 'uv.lock'
}
