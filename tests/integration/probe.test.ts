import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { parseProbe, probeMachine } from '../../main/machine/probe.ts'
import { sshdAvailable } from '../support/sshd.ts'
import { shellAvailable, shells, startSupervised, type Supervised } from '../support/supervised.ts'

let rig: Supervised | null = null
afterEach(async () => {
  await rig?.stop()
  rig = null
})

describe.skipIf(!sshdAvailable()).each([...shells])('a probe under $name', (shell) => {
  test.skipIf(!shellAvailable(shell))('finds GPU, driver, disk, python and torch', async () => {
    rig = await startSupervised(shell)
    await rig.tool(
      'nvidia-smi',
      '#!/bin/sh\ncase "$*" in *compute_cap*) echo "0, NVIDIA H100 80GB HBM3, 81559, 550.54.15, 9.0"; echo "1, NVIDIA H100 80GB HBM3, 81559, 550.54.15, 9.0" ;;\n' +
        '*) echo "| NVIDIA-SMI 550.54.15   Driver Version: 550.54.15   CUDA Version: 12.4  |" ;; esac\n',
    )
    const site = join(rig.sshd.home, 'site', 'torch')
    await mkdir(site, { recursive: true })
    await writeFile(join(site, '__init__.py'), 'raise SystemExit("imported")\n')
    await writeFile(
      join(site, 'version.py'),
      "from typing import Optional\n__version__ = '2.4.0+cu121'\ndebug = False\ncuda: Optional[str] = '12.1'\n",
    )
    await writeFile(
      join(rig.sshd.home, '.profile'),
      'echo "Welcome to os=Plan9"; PATH="$HOME/bin:$PATH"; export PYTHONPATH="$HOME/site"\n',
    )
    const facts = await probeMachine(rig.machine)
    expect(facts).toMatchObject({
      os: 'Linux',
      driverVersion: '550.54.15',
      cudaVersion: '12.4',
      torch: { version: '2.4.0+cu121', cuda: '12.1' },
    })
    expect(facts.gpus).toHaveLength(2)
    expect(facts.gpus[1]).toEqual({
      index: 1,
      vendor: 'nvidia',
      name: 'NVIDIA H100 80GB HBM3',
      vramMib: 81559,
      computeCapability: '9.0',
    })
    expect(facts.python?.version).toMatch(/^3\./)
    expect(facts.diskFreeBytes).toBeGreaterThan(1e6)
    expect(facts.memoryBytes).toBeGreaterThan(1e8)
    expect(facts.vcpus).toBeGreaterThan(0)
    expect(facts.tools.tar).toBe(true)
  })
})

test('an old driver that knows no compute capability, and garbage', () => {
  const facts = parseProbe(
    'os=Linux\narch=x86_64\ngpu=0, Tesla K80, 11441, 440.33.01\ngpu=x, y\ncuda=rm -rf\nvcpus=-1\nmemoryKib=9e9\n',
  )
  expect(facts?.gpus).toEqual([
    { index: 0, vendor: 'nvidia', name: 'Tesla K80', vramMib: 11441, computeCapability: null },
  ])
  expect(facts).toMatchObject({ cudaVersion: null, vcpus: null, memoryBytes: null, python: null })
  expect(parseProbe('Welcome!\n')).toBe(null)
})
