import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../../preload/contract/job-spec.ts'
import { buildRun, type RunInput } from '../../../main/domain/environment/run-script.ts'
import { buildSetup, type SetupInput } from '../../../main/domain/environment/setup.ts'
import { proposeLauncher, proposeTorchrun } from '../../../main/domain/environment/torchrun.ts'
import type { WorkFiles } from '../../../main/domain/environment/work-files.ts'
import { factsOf } from '../../support/machine-facts.ts'

const none: WorkFiles = { requirementsTxt: null, pyproject: null, uvLock: null, renvLock: null }
const python: Entry = { kind: 'python', path: 'train.py', args: [] }
const gpu = {
  index: 0,
  vendor: 'nvidia',
  name: 'NVIDIA L4',
  vramMib: 23034,
  computeCapability: '8.9',
} as const

function plan(
  spec: Partial<SetupInput['spec']> = {},
  files: Partial<WorkFiles> = {},
  facts = factsOf(),
  attemptId = 'a1',
) {
  return buildSetup({
    spec: { entry: python, setup: [], environment: { kind: 'machine' }, needs: {}, ...spec },
    files: { ...none, ...files },
    facts,
    attemptId,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  })
}

describe('the set-up', () => {
  test('nothing asked for, nothing done', () => {
    expect(plan()).toMatchObject({ script: '', hash: null, steps: [], hasVenv: false })
    expect(plan({}, { requirementsTxt: '# none yet\n\n' }).hash).toBe(null)
    expect(plan({}, { pyproject: '[tool.ruff]\nline-length = 100\n' }).hash).toBe(null)
  })

  test('requirements by uv; the hash follows their content, the commands and python', () => {
    const first = plan({}, { requirementsTxt: 'numpy\n' })
    expect(first.script).toMatch(/uv pip install .*-r requirements\.txt/)
    expect(first.steps).toEqual(['Installing requirements.txt'])
    expect(first.hash).toMatch(/^[0-9a-f]{16}$/)
    expect(plan({}, { requirementsTxt: 'numpy\n' }, factsOf(), 'a2').hash).toBe(first.hash)
    const others = [
      plan({}, { requirementsTxt: 'numpy==2\n' }),
      plan({ setup: ['make'] }, { requirementsTxt: 'numpy\n' }),
      plan(
        {},
        { requirementsTxt: 'numpy\n' },
        factsOf({ python: { version: '3.12.0', venv: true, pip: true } }),
      ),
      plan(
        { environment: { kind: 'image', image: 'x' } },
        { requirementsTxt: 'numpy\n' },
        factsOf({ docker: { usable: true, nvidia: true } }),
      ),
    ]
    expect(new Set([first.hash, ...others.map((other) => other.hash)]).size).toBe(5)
  })

  test('an environment that points into the work folder serves one attempt', () => {
    const files = { requirementsTxt: 'numpy\n-e .\n' }
    expect(plan({}, files, factsOf(), 'a1').hash).not.toBe(plan({}, files, factsOf(), 'a2').hash)
  })

  test('the torch of the image stays, by pip', () => {
    const facts = factsOf({ torch: { version: '2.4.0+cu121', cuda: '12.1' } })
    const used = plan({}, { requirementsTxt: 'torch>=2\nnumpy\n' }, facts)
    expect(used.script).toMatch(/--system-site-packages/)
    expect(used.script).not.toMatch(/uv pip install/)
    expect(used.steps[0]).toMatch(/own torch 2\.4\.0/)
    expect(plan({}, { requirementsTxt: 'torch==2.1.0\n' }, facts).script).toMatch(/uv pip install/)
  })

  test('an unpinned torch is chosen for the driver, a pinned one is the user’s', () => {
    expect(plan({}, { requirementsTxt: 'torch\n' }).script).toMatch(/UV_TORCH_BACKEND=auto/)
    expect(plan({}, { requirementsTxt: 'torch==2.4.0\n' }).script).not.toMatch(/UV_TORCH_BACKEND/)
  })

  test('pyproject, uv.lock, notebooks, R and pip in set-up commands', () => {
    const pyproject = '[project]\nname = "x"\ndependencies = ["numpy"]\n'
    expect(plan({}, { pyproject }).script).toMatch(/tomllib/)
    expect(plan({}, { pyproject, uvLock: 'version = 1' }).script).toMatch(/uv export .*--frozen/)
    const notebook: Entry = { kind: 'notebook', path: 'a.ipynb', args: [] }
    expect(plan({ entry: notebook }).script).toMatch(/nbconvert ipykernel/)
    const r: Entry = { kind: 'r', path: 'fit.R', args: [] }
    const withR = factsOf({ tools: { ...factsOf().tools, rscript: true } })
    expect(plan({ entry: r }, { renvLock: '{}' }, withR).script).toMatch(/renv::restore/)
    expect(() => plan({ entry: r })).toThrow(/fit\.R needs R, which this machine lacks/)
    expect(plan({ setup: ['pip install foo'] })).toMatchObject({ hasVenv: true })
    expect(plan({ setup: ['make'] })).toMatchObject({ hasVenv: false })
  })

  test('an image says why it cannot run', () => {
    const environment = { kind: 'image', image: 'pytorch/pytorch' } as const
    expect(() => plan({ environment })).toThrow(/its user cannot use Docker/)
    const plainDocker = factsOf({ docker: { usable: true, nvidia: false }, gpus: [gpu] })
    expect(() => plan({ environment }, {}, plainDocker)).toThrow(/lacks the NVIDIA runtime/)
    expect(plan({ environment, needs: { gpus: 0 } }, {}, plainDocker).steps).toHaveLength(1)
  })
})

describe('the run script', () => {
  test('keeps secrets and GPUs of a container out of sight of others', () => {
    const facts = factsOf({ docker: { usable: true, nvidia: true }, gpus: [gpu] })
    const spec: RunInput['spec'] = {
      entry: python,
      environment: { kind: 'image', image: 'img:1' },
      env: { A: "it's" },
      secrets: ['HF_TOKEN'],
      needs: {},
    }
    const setup = plan({ ...spec, setup: ['apt-get install -y x'] }, {}, facts)
    expect(setup).toMatchObject({ hash: null, everyTime: expect.stringContaining('apt-get') })
    const script = buildRun({
      spec,
      setup,
      facts,
      jobId: 'j1',
      dataPath: '/d',
      gpus: [1, 2],
      resume: true,
    })
    expect(script).toMatch(/--gpus '"device=1,2"'/)
    expect(script).toMatch(/-e HF_TOKEN /)
    expect(script).toMatch(/export SUBLET_RESUME=1/)
    expect(script).toContain(`export A='it'\\''s'`)
  })
})

describe('torchrun', () => {
  test('is proposed for a plain python script on several GPUs', () => {
    expect(proposeTorchrun('python train.py --lr 0.1', 4)?.command).toBe(
      'torchrun --standalone --nproc-per-node=4 train.py --lr 0.1',
    )
    expect(proposeTorchrun('python3 -u src/train.py', 2)?.reason).toMatch(
      /^src\/train\.py is started/,
    )
    expect(
      proposeLauncher({ kind: 'python', path: 'my train.py', args: ['a b'] }, 2)?.entry,
    ).toEqual({
      kind: 'command',
      command: "torchrun --standalone --nproc-per-node=2 'my train.py' 'a b'",
    })
  })

  test.each([
    ['python train.py', 1],
    ['torchrun train.py', 4],
    ['accelerate launch train.py', 4],
    ['python -m torch.distributed.run train.py', 4],
    ['cd x && python train.py', 4],
    ['python train.py | tee log', 4],
    ['python prepare.py; python train.py', 4],
  ])('is not for %j on %d', (command, gpus) => {
    expect(proposeTorchrun(command, gpus)).toBe(null)
  })
})
